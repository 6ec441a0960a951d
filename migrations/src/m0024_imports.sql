-- One spreadsheet of one building: which column says what, what came of looking at it, how far it has been written.
create table imports (
  id UUID primary key, building_id UUID not null references buildings(id), number integer not null,
  state text not null check (state in ('uploaded','checked','running','done','undoing','undone','dropped')),
  head_hash BYTES not null, total integer not null, mapping text, sample text,
  fresh integer not null default 0, known integer not null default 0, faulty integer not null default 0,
  at_line integer not null default 0, made integer not null default 0, taken_back integer not null default 0, stayed integer not null default 0,
  person_id UUID not null references persons(id), organisation_id UUID not null references organisations(id), role text not null,
  uploaded_at INSTANT not null, started_at INSTANT, ended_at INSTANT,
  unique (building_id, number))
--
create index imports_under_way on imports(started_at) where state in ('running','undoing')
--
-- The file itself, compressed, for as long as it may be corrected.
create table import_files (import_id UUID primary key references imports(id), bytes BYTES not null)
--
-- What is wrong with a row.
create table import_faults (
  import_id UUID not null references imports(id), line integer not null, faults text not null, primary key (import_id, line)) WITHOUT_ROWID
--
-- Which row a matter came from. The key is what tells a row that is here already.
create table imported (
  issue_id UUID primary key references issues(id), import_id UUID not null references imports(id),
  building_id UUID not null references buildings(id), line integer not null, former text, key BYTES not null,
  unique (building_id, key))
--
create unique index imported_lines on imported(import_id, line)
--
alter table issues add column import_id UUID references imports(id)
--
-- Since when its clocks run, where that is not since it was received.
alter table issues add column clock_from INSTANT
