create table editions (
  id UUID primary key, district_id UUID not null references districts(id), building_id UUID references buildings(id), number integer not null,
  title text not null, state text not null check (state in ('draft','published','withdrawn')),
  published_at INSTANT, ledger_index bigint, version integer not null default 1, created_at INSTANT not null)
--
create unique index editions_building_number on editions(building_id, number) where building_id is not null
--
create unique index editions_district_number on editions(district_id, number) where building_id is null
--
create table stories (
  id UUID primary key, edition_id UUID not null references editions(id), position integer not null,
  kind text not null check (kind in ('lead','story','brief')),
  issue_id UUID references issues(id), resolution_id UUID references resolutions(id),
  headline text not null, summary text not null, words text not null, words_salt BYTES not null, html text not null,
  written_by UUID references persons(id), checked_by UUID references persons(id), checked_at INSTANT,
  ledger_index bigint, version integer not null default 1, created_at INSTANT not null, unique (edition_id, position))
--
create index stories_issue on stories(issue_id)
