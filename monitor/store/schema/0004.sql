create table passages (                         -- paragraphs of articles, by which repeated furniture is known
    source  text not null,
    hash    integer not null,
    article integer not null references articles (id) on delete cascade,
    primary key (source, hash, article)
) strict, without rowid;

create index passages_by_article on passages (article);

create table headlines (                        -- what a source has listed: on another page it is a teaser
    source text not null,
    hash   integer not null,
    listed integer not null,
    primary key (source, hash)
) strict, without rowid;

create table revisions (                        -- how an article read before it was changed
    id      integer primary key,
    article integer not null references articles (id) on delete cascade,
    until   integer not null,                   -- when the next reading took its place
    title   text not null,
    lead    text not null,
    body    text not null,
    caption text not null
) strict;

create index revisions_by_article on revisions (article);
