-- The last restore: sources that the backup did not know may have been told of, too.
create table restored (
    id         integer primary key check (id = 1),
    told_until integer not null
) strict;
