-- Calling a meeting: days to choose from, minutes on the agenda, who cannot come, a change of time or place, what is not public.
alter table meetings add column sequence integer not null default 0
--
-- When members were last told of its time or place: by the notice, a change, the cancellation.
alter table meetings add column told_at INSTANT
--
alter table meetings add column moved_from INSTANT
--
alter table agenda_items add column minutes integer check (minutes between 1 and 240)
--
-- A deferred item waits on the list until this day.
alter table agenda_items add column not_before text
--
alter table agenda_items add column not_public_ground text check (not_public_ground in ('personal','trade_secret','security','other'))
--
create table meeting_dates (
  id UUID primary key, meeting_id UUID not null references meetings(id), starts_at INSTANT not null, unique (meeting_id, starts_at))
--
create table date_answers (
  id UUID primary key, date_id UUID not null references meeting_dates(id), seat_id UUID not null references seats(id),
  person_id UUID not null references persons(id), answer text not null check (answer in ('yes','if_need_be','no')), at INSTANT not null,
  unique (date_id, seat_id, person_id))
--
create table apologies (
  id UUID primary key, meeting_id UUID not null references meetings(id), seat_id UUID not null references seats(id),
  person_id UUID not null references persons(id), words text not null default '', deputy_id UUID references persons(id),
  deputy_refused_at INSTANT, at INSTANT not null, ended_at INSTANT)
--
create unique index apologies_one on apologies(meeting_id, seat_id) where ended_at is null
