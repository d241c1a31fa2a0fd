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

create index entries_by_url on entries (url);
create index articles_by_link on articles (link);
create index article_sources_by_entry on article_sources (source, entry);
create index outbox_by_message on outbox (message_id) where message_id != '';
