-- How soon an answer and a result are owed in a building, from a day on: a version of its own each time.
create table times (
  id UUID primary key, building_id UUID not null references buildings(id), version integer not null,
  in_force_from INSTANT not null, resolution_id UUID references resolutions(id), words text not null,
  made_by UUID not null references persons(id), made_at INSTANT not null, unique (building_id, version))
--
create index times_in_force on times(building_id, in_force_from)
--
-- Kinds of trouble for which a version says something else than the house's own times: `2h`, `5wd`, `30d`.
create table time_limits (
  times_id UUID not null references times(id), category text not null, first text not null, result text not null,
  primary key (times_id, category))
