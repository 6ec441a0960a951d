-- By the first link somebody founds a district and becomes its first administrator. There is one at a time.
create table first_links (
  slot integer primary key check (slot = 1), token_hash BYTES not null,
  created_at INSTANT not null, expires_at INSTANT not null, used_at INSTANT)
--
-- Who looks after the people of an organisation.
alter table memberships add column lead boolean not null default false
--
-- Somebody leaves an organisation in a building after a day, and who takes over what is in their hands.
create table departures (
  id UUID primary key, building_id UUID not null references buildings(id),
  person_id UUID not null references persons(id), organisation_id UUID not null references organisations(id),
  successor_id UUID references persons(id), last_day text not null,
  decided_at INSTANT not null, decided_by UUID references persons(id), done_at INSTANT, cancelled_at INSTANT)
--
create unique index departures_open on departures(building_id, person_id, organisation_id) where done_at is null and cancelled_at is null
--
-- Who sits where.
create table tenancies (
  id UUID primary key, building_id UUID not null references buildings(id),
  organisation_id UUID not null references organisations(id), place_id UUID not null references places(id),
  since INSTANT not null, ended_at INSTANT)
--
create unique index tenancies_open on tenancies(place_id, organisation_id) where ended_at is null
--
create index tenancies_building on tenancies(building_id) where ended_at is null
--
alter table organisations add column size text check (size in ('small','middle','large','huge'))
--
-- Help for a role that somebody has read and put away.
create table helps_seen (
  person_id UUID not null references persons(id), role text not null, seen_at INSTANT not null, primary key (person_id, role))
