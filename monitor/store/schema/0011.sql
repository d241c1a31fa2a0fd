-- A source in hand is not due: it leaves the one index and comes into the other, where its host's are counted.
-- Both cover what claiming asks, so their hosts are a column of their own: none that is computed is covered.
drop index sources_due;
drop index sources_leased;
alter table sources rename column host to computed;
alter table sources add column host text not null default '';   -- of its url, with the port
update sources set host = computed;
alter table sources drop column computed;
create index sources_due on sources (due, host, id, configured, lease_until)
    where configured and lease_until is null;
create index sources_in_hand on sources (host, lease_until, due, configured)
    where lease_until is not null;
