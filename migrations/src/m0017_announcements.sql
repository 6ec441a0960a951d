-- What is known beforehand: a lift stands still on Saturday, no water on floor 12. Where, and from when to when.
create table announcements (
  id UUID primary key, building_id UUID not null references buildings(id), number integer not null,
  organisation_id UUID not null references organisations(id), written_by UUID not null references persons(id),
  title text not null, words text not null default '', salt BYTES not null, category text,
  starts_at INSTANT not null, ends_at INSTANT not null, ended_at INSTANT,
  version integer not null default 1, created_at INSTANT not null, changed_at INSTANT not null,
  unique (building_id, number))
--
create index announcements_until on announcements(building_id, ends_at)
--
create table announcement_places (
  announcement_id UUID not null references announcements(id), place_id UUID not null references places(id),
  primary key (announcement_id, place_id))
