-- Times are whole microseconds since 1970-01-01 UTC. Nouns that only Python reads are kept as JSON.

create table sources (
    id          text primary key,
    url         text not null,
    configured  integer not null,
    baseline    integer not null,               -- the next good poll is the first one of this url
    due         integer not null,
    state       text not null,                  -- SourceState
    lease_until integer,
    fence       integer not null default 0
) strict, without rowid;

create table entries (
    source      text not null,
    id          text not null,
    url         text not null,
    fingerprint text not null,
    seen        integer not null,
    listed      integer not null,               -- when the source last listed it, to the day
    baseline    integer not null,
    revision    integer not null default 0,
    entry       text,                           -- FeedEntry while it waits to be read
    due         integer not null,
    attempts    integer not null default 0,
    lease_until integer,
    fence       integer not null default 0,
    primary key (source, id)
) strict, without rowid;

create index entries_waiting on entries (source, seen) where entry is not null;

create table stories (
    id       text primary key,
    title    text not null,
    opened   integer not null,
    touched  integer not null,
    articles integer not null,
    sources  text not null,                     -- their ids, a list
    merged   text                               -- the story that it proved to be
) strict, without rowid;

create table articles (
    id        integer primary key,
    url       text not null unique,             -- canonical: the article's identity
    link      text not null,                    -- the address to open
    story     text not null references stories (id),
    source    text not null,
    origin    text not null,                    -- Origin of the source that brought it first
    language  text not null,
    title     text not null,
    lead      text not null,
    body      text not null,
    caption   text not null,
    byline    text not null,
    section   text not null,
    published integer,
    fetched   integer not null,
    partial   text not null,
    furniture text not null,
    letters   integer not null                  -- read from the page; 0 where there is only the feed's text
              generated always as (iif(partial = '', length(lead) + length(body), 0)) stored
) strict;

create index articles_by_source on articles (source, fetched, letters);

create index articles_by_story on articles (story);
create index articles_by_age on articles (fetched);

create table article_sources (
    article integer not null references articles (id) on delete cascade,
    source  text not null,
    entry   text not null,
    seen    integer not null,
    primary key (article, source, entry)
) strict, without rowid;

create table alerts (
    id        integer primary key,
    article   integer not null references articles (id) on delete cascade,
    watchlist text not null,
    rule      text not null,
    story     text not null,
    severity  text not null,
    verdict   text not null,
    reason    text not null,
    raised    integer not null,
    earlier   text not null,                    -- of a correction: the wording before it
    match     text not null                     -- Match
) strict;

create index alerts_by_article on alerts (article, watchlist, rule);
create index alerts_by_story on alerts (story);
create index alerts_by_rule on alerts (watchlist, rule, raised);
create index alerts_by_time on alerts (raised);

create table traces (                           -- by which the relatives of an article are found again
    article  integer primary key references articles (id) on delete cascade,
    sketch   blob not null,
    gist     blob not null,
    entities text not null
) strict;

create table trace_hashes (
    hash    integer not null,
    article integer not null references traces (article) on delete cascade,
    primary key (hash, article)
) strict, without rowid;

create index trace_hashes_by_article on trace_hashes (article);

create table pairs (                            -- entities that were seen together under a watchlist
    watchlist text not null,
    one       text not null,
    two       text not null,
    seen      integer not null,
    primary key (watchlist, one, two)
) strict, without rowid;

create table outbox (
    id          integer primary key,
    key         text not null unique,
    channel     text not null,
    recipient   text not null,
    kind        text not null,
    thread      text not null,
    note        text not null,
    state       text not null check (state in ('pending', 'sending', 'sent', 'dead', 'expired')),
    created     integer not null,
    due         integer not null,
    begun       integer,                        -- first attempt; patience is counted from here
    attempts    integer not null default 0,
    lease_until integer,
    owner       text not null default '',
    fence       integer not null default 0,
    frozen      integer,                        -- when the bytes were fixed
    message_id  text not null default '',
    subject     text not null default '',
    parcel      blob,                           -- the exact bytes, until they are sent
    uncertain   integer not null default 0,     -- an attempt ended without the server's word
    last_code   integer not null default 0,
    last_error  text not null default '',
    reply       text not null default '',
    sent        integer
) strict;

create index outbox_waiting on outbox (channel, due) where state in ('pending', 'sending');
create index outbox_by_thread on outbox (thread);
create index outbox_by_due on outbox (due);

create table outbox_alerts (
    row   integer not null references outbox (id) on delete cascade,
    alert integer not null references alerts (id) on delete cascade,
    primary key (row, alert)
) strict, without rowid;

create index outbox_alerts_by_alert on outbox_alerts (alert);

create table pulse (                            -- written to learn whether writing works
    id integer primary key check (id = 1),
    at integer not null
) strict;
