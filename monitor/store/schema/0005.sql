-- The host of a source's url, with the port: sources of one host wait for each other.
alter table sources add column host text
    generated always as (
        lower(substr(
            substr(url, instr(url, '://') + 3), 1, instr(substr(url, instr(url, '://') + 3) || '/', '/') - 1
        ))
    ) virtual;

create index sources_due on sources (due, host) where configured;
create index sources_leased on sources (lease_until, host) where lease_until is not null;
