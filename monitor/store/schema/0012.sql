-- Which entry is read next is seen in indices alone; those in hand are counted by the host of their page.
alter table entries add column host text not null default '';   -- of its url, with the port, while it waits
update entries
set host = lower(substr(
        substr(url, instr(url, '://') + 3), 1, instr(substr(url, instr(url, '://') + 3) || '/', '/') - 1
    ))
where entry is not null
  and instr(url, '://');
drop index entries_waiting;
create index entries_waiting on entries (source, seen, id, due, lease_until, host) where entry is not null;
create index entries_in_hand on entries (host, lease_until) where lease_until is not null;
