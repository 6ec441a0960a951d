-- Who is on duty for an organisation in a building: on a day of the week, on days that are not worked, or on one date. Minutes after 0:00; an end
-- above 1440 lies on the next day.
create table duty_shifts (
  id UUID primary key, building_id UUID not null references buildings(id), organisation_id UUID not null references organisations(id),
  number integer not null, person_id UUID not null references persons(id),
  holds_on text not null check (holds_on in ('mon','tue','wed','thu','fri','sat','sun','off','date')), day text,
  starts integer not null check (starts between 0 and 1439), ends integer not null, made_at INSTANT not null, ended_at INSTANT,
  unique (building_id, organisation_id, number), check ((holds_on = 'date') = (day is not null)), check (ends > starts and ends <= starts + 1440))
--
-- Who is away from one day to another, both included, and who stands in.
create table absences (
  id UUID primary key, building_id UUID not null references buildings(id), organisation_id UUID not null references organisations(id),
  number integer not null, person_id UUID not null references persons(id), stand_in_id UUID references persons(id),
  from_day text not null, to_day text not null, made_at INSTANT not null, made_by UUID references persons(id), ended_at INSTANT,
  unique (building_id, organisation_id, number))
--
-- Into whose hands something comes: by where it is, by what kind of trouble it is (a kind or a group), or both.
create table duty_rules (
  id UUID primary key, building_id UUID not null references buildings(id), organisation_id UUID not null references organisations(id),
  number integer not null, person_id UUID not null references persons(id), category text, tower text, lowest integer, highest integer,
  made_at INSTANT not null, ended_at INSTANT, unique (building_id, organisation_id, number))
