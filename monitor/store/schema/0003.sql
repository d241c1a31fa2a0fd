create table ailments (                         -- what is wrong and was told
    name  text primary key,
    words text not null,
    mark  text not null,
    told  integer not null,
    seen  integer not null                      -- when it was last found
) strict, without rowid;
