-- A council decides its rules and its seats; what rests on a decision names it.
alter table rules add column major_num integer not null default 1
--
alter table rules add column major_den integer not null default 2 check (major_den > 0)
--
alter table rules add column major_strict boolean not null default true
--
alter table rules add column speaking_minutes integer not null default 3
--
alter table rules add column written_days integer not null default 5
--
alter table rules add column resolution_id UUID references resolutions(id)
--
alter table rules add column words text not null default ''
--
alter table rules add column made_by UUID references persons(id)
--
-- A decision changes the rules once.
create unique index rules_resolution on rules(resolution_id) where resolution_id is not null
--
alter table seats add column size text check (size in ('small','medium','large'))
--
alter table seats add column term_until text
--
alter table seats add column resolution_id UUID references resolutions(id)
--
alter table motions add column weight text not null default 'ordinary' check (weight in ('ordinary','major','rules','seats'))
