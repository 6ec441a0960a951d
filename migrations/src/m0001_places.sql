create table districts (
  id UUID primary key, slug text not null unique, code text not null unique, short text not null,
  name text not null, name_en text not null, street text not null, street_en text not null,
  utc_offset_minutes integer not null check (utc_offset_minutes between -720 and 840),
  jurisdiction text not null, created_at INSTANT not null)
--
create table buildings (
  id UUID primary key, district_id UUID not null references districts(id),
  slug text not null unique, code text not null unique, short text not null,
  name text not null, name_en text not null, address text not null,
  duty_phone text not null, towers text not null default '',
  last_issue_number integer not null default 0, created_at INSTANT not null)
--
create index buildings_district on buildings(district_id)
--
create table places (
  id UUID primary key, building_id UUID not null references buildings(id), parent_id UUID references places(id),
  kind text not null check (kind in ('tower','floor','zone','lobby','lift_bank','lift','room','gate','corridor','stair','parking','outdoor','toilet','pantry')),
  code text not null, name text not null, name_en text not null,
  tower text, floor text, floor_order integer,
  let_to_one boolean not null default false, position integer not null default 0,
  retired_at INSTANT, created_at INSTANT not null,
  unique (building_id, code))
--
create table posters (
  id UUID primary key, place_id UUID not null references places(id), code text not null unique,
  scans bigint not null default 0, retired_at INSTANT, created_at INSTANT not null)
--
create index posters_place on posters(place_id)
