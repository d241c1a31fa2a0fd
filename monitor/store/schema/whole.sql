-- A new database, whole: what the numbered steps make of an older one, by which it has its version.
--
-- Times are whole microseconds since 1970-01-01 UTC. Nouns that only Python reads are kept as JSON.

create table sources (
    id          text primary key,
    url         text not null,
    configured  integer not null,
    baseline    integer not null,               -- the next good poll is the first one of this url
    due         integer not null,
    state       text not null,                  -- SourceState
    lease_until integer,
    fence       integer not null default 0,
    told_until  integer,                        -- after a restore: news up to then may have been told before
    host        text not null default ''        -- of its url, with the port
) strict, without rowid;

create index sources_due on sources (due, host, id, configured, lease_until)
    where configured and lease_until is null;
create index sources_in_hand on sources (host, lease_until, due, configured)
    where lease_until is not null;

create table headlines (                        -- what a source has listed: on another page it is a teaser
    source text not null,
    hash   integer not null,
    listed integer not null,
    primary key (source, hash)
) strict, without rowid;

create table restored (                         -- the last restore: even sources it did not know may be told of
    id         integer primary key check (id = 1),
    told_until integer not null
) strict;

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
    held        integer not null default 0,     -- perhaps told before a restore: its messages open as expired
    host        text not null default '',       -- of its url, with the port, while it waits
    primary key (source, id)
) strict, without rowid;

create index entries_by_url on entries (url);
create index entries_waiting on entries (source, seen, id, due, lease_until, host) where entry is not null;
create index entries_in_hand on entries (host, lease_until) where lease_until is not null;

create table visits (                           -- every try to read an entry's page, and how it ended
    id      integer primary key,
    source  text not null,
    entry   text not null,
    at      integer not null,
    attempt integer not null,
    name    text not null,                      -- the canonical form of the address that was asked
    visit   text not null,                      -- Visit
    put_off integer,                            -- when the next try was due
    article integer references articles (id) on delete cascade
) strict;

create index visits_by_entry on visits (source, entry);
create index visits_by_name on visits (name);
create index visits_by_article on visits (article);
create index visits_for_nothing on visits (at) where article is null;

create table stories (
    id       text primary key,
    title    text not null,
    opened   integer not null,
    touched  integer not null,
    articles integer not null,
    sources  text not null,                     -- their ids, a list
    merged   text                               -- the story that it proved to be
) strict, without rowid;

create index stories_by_merged on stories (merged) where merged is not null;

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
create index articles_by_link on articles (link);

create table article_sources (
    article integer not null references articles (id) on delete cascade,
    source  text not null,
    entry   text not null,
    seen    integer not null,
    primary key (article, source, entry)
) strict, without rowid;

create index article_sources_by_entry on article_sources (source, entry);

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

create table passages (                         -- paragraphs of articles, by which repeated furniture is known
    source  text not null,
    hash    integer not null,
    article integer not null references articles (id) on delete cascade,
    primary key (source, hash, article)
) strict, without rowid;

create index passages_by_article on passages (article);

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
create index alerts_by_time on alerts (raised);
create index alerts_by_watchlist on alerts (watchlist, raised, article, rule, verdict);
create index alerts_by_rule on alerts (watchlist, rule, raised, article);

create table silences (                         -- beside those of alerting.yaml
    id    integer primary key autoincrement,    -- a number that mails and people name is never used again
    about text not null,                        -- what must fit: key → names
    until integer not null,
    why   text not null,
    by    text not null,
    made  integer not null,
    ended integer                               -- somebody ended it before its time
) strict;

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
create index outbox_waiting_threads on outbox (thread) where state in ('pending', 'sending');
create index outbox_by_message on outbox (message_id) where message_id != '';

create table outbox_alerts (
    row   integer not null references outbox (id) on delete cascade,
    alert integer not null references alerts (id) on delete cascade,
    primary key (row, alert)
) strict, without rowid;

create index outbox_alerts_by_alert on outbox_alerts (alert);

create table ailments (                         -- what is wrong and was told
    name  text primary key,
    words text not null,
    mark  text not null,
    told  integer not null,
    seen  integer not null                      -- when it was last found
) strict, without rowid;

create table pulse (                            -- written to learn whether writing works
    id integer primary key check (id = 1),
    at integer not null
) strict;

-- The archive: a full-text index over the matcher's own words, to find candidates that the matcher judges.
-- A text is indexed as folded by the program (words parted by spaces; in scripts without spaces each
-- character is a word), so that the index knows exactly the words that rules are compared with.

create virtual table archive using fts5 (
    title, lead, body, caption, author, section, source, language,
    content = '',                               -- the texts are not kept twice
    tokenize = 'ascii'                          -- parts at spaces, and leaves every letter as it is
);

create virtual table archive_words using fts5vocab (archive, row);

create table archive_texts (                    -- what was indexed, without which it cannot be taken back
    article integer primary key,
    texts   blob not null                       -- the folded columns, a line each, zlib
) strict;

create table archive_due (                      -- articles whose text the index does not know
    article integer primary key
) strict;

create table archive_form (                     -- the normal form that the index is made of
    id   integer primary key check (id = 1),
    form text not null
) strict;

create trigger article_came after insert on articles
begin
    insert into archive_due (article)
    select new.id
    where not exists (select 1 from archive_due where article = new.id);
end;

create trigger article_changed after update of title, lead, body, caption, byline, section, language
    on articles
when (old.title, old.lead, old.body, old.caption, old.byline, old.section, old.language)
     is not (new.title, new.lead, new.body, new.caption, new.byline, new.section, new.language)
begin
    insert into archive_due (article)
    select new.id
    where not exists (select 1 from archive_due where article = new.id);
end;

create trigger article_went after delete on articles
begin
    insert into archive_due (article)
    select old.id
    where not exists (select 1 from archive_due where article = old.id);
end;
