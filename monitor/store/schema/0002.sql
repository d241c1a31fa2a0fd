create table silences (                         -- beside those of alerting.yaml
    id    integer primary key autoincrement,    -- a number that mails and people name is never used again
    about text not null,                        -- what must fit: key → names
    until integer not null,
    why   text not null,
    by    text not null,
    made  integer not null,
    ended integer                               -- somebody ended it before its time
) strict;

create index stories_by_merged on stories (merged) where merged is not null;
