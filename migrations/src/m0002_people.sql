create table organisations (
  id UUID primary key, district_id UUID not null references districts(id), building_id UUID references buildings(id),
  kind text not null check (kind in ('property_manager','enterprise','contractor','owner','association','department','station','residents')),
  slug text not null, name text not null, name_en text not null, short text not null, short_en text not null,
  workers integer, email text, created_at INSTANT not null, retired_at INSTANT,
  unique (district_id, slug))
--
create index organisations_building on organisations(building_id, kind)
--
create table persons (
  id UUID primary key, name text not null, name_en text not null,
  email text, email_lc text unique, phone text, password_hash text,
  locale text not null check (locale in ('zh-CN','en')),
  created_at INSTANT not null, disabled_at INSTANT)
--
create table memberships (
  id UUID primary key, person_id UUID not null references persons(id),
  organisation_id UUID not null references organisations(id),
  role text not null check (role in ('staff','representative','member','secretary','convenor','association','department','editor','administrator')),
  building_id UUID references buildings(id), district_id UUID references districts(id),
  since INSTANT not null, ended_at INSTANT,
  check ((building_id is null) <> (district_id is null)))
--
create index memberships_person on memberships(person_id)
--
create index memberships_building on memberships(building_id, role)
--
create index memberships_organisation on memberships(organisation_id)
--
create table sessions (
  id UUID primary key, token_hash BYTES not null unique, person_id UUID not null references persons(id),
  device text not null, created_at INSTANT not null, seen_at INSTANT not null, expires_at INSTANT not null, revoked_at INSTANT)
--
create index sessions_person on sessions(person_id)
--
create table sign_in_links (
  id UUID primary key, token_hash BYTES not null unique, person_id UUID not null references persons(id),
  created_at INSTANT not null, expires_at INSTANT not null, used_at INSTANT)
--
create table rate_limits (
  key BYTES not null, window_start INSTANT not null, hits integer not null, primary key (key, window_start))
