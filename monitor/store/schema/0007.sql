-- After a restore: news up to told_until, or without a date, may have been told before; until the next good poll.
alter table sources add column told_until integer;

-- Such an entry: its messages open as expired, to be sent by hand.
alter table entries add column held integer not null default 0;
