alter table motions add column upon text check (upon in ('supersedes','amends','repeals','confirms'))
--
alter table motions add column force_from text
--
alter table motions add column force_until text
--
alter table motions add column review_on text
--
alter table motions add column no_action_because text not null default ''
--
alter table motions add column closed_words text
--
alter table motions add column closed_reason text
--
alter table motions add column measurer_id UUID references organisations(id)
--
update motions set upon = 'supersedes' where supersedes_id is not null
--
alter table resolutions add column upon text check (upon in ('supersedes','amends','repeals','confirms'))
--
alter table resolutions add column force_from text
--
alter table resolutions add column force_until text
--
alter table resolutions add column review_on text
--
-- When it came onto the council's list for its review: once.
alter table resolutions add column reviewed_at INSTANT
--
alter table resolutions add column closed_words text
--
alter table resolutions add column closed_reason text
--
alter table resolutions add column ended_at INSTANT
--
update resolutions set upon = 'supersedes' where supersedes_id is not null
--
update resolutions set ended_at = (select max(n.in_force_at) from resolutions n where n.supersedes_id = resolutions.id) where state = 'superseded'
--
update resolutions set ended_at = adopted_at where state = 'lapsed'
--
create index resolutions_earlier on resolutions(supersedes_id)
--
create index resolutions_standing on resolutions(state, display_until)
--
create index undertakings_resolution on undertakings(resolution_id) where resolution_id is not null
--
create index effect_checks_resolution on effect_checks(resolution_id)
--
create table motion_tasks (
  id UUID primary key, motion_id UUID not null references motions(id), number integer not null,
  organisation_id UUID not null references organisations(id), words text not null, words_salt BYTES not null, measure text not null,
  due_at INSTANT not null, task_id UUID references tasks(id), created_at INSTANT not null, unique (motion_id, number))
--
create index motion_tasks_organisation on motion_tasks(organisation_id)
--
-- Organisations that a resolution names without their having to act.
create table named_parties (
  resolution_id UUID not null references resolutions(id), organisation_id UUID not null references organisations(id), created_at INSTANT not null,
  primary key (resolution_id, organisation_id)) WITHOUT_ROWID
--
create table statements (
  id UUID primary key, resolution_id UUID not null references resolutions(id), kind text not null check (kind in ('dissent','reply')),
  organisation_id UUID not null references organisations(id), seat_id UUID references seats(id), person_id UUID not null references persons(id),
  words text not null, words_salt BYTES not null, created_at INSTANT not null, unique (resolution_id, kind, organisation_id))
--
create table objections (
  id UUID primary key, resolution_id UUID not null references resolutions(id), organisation_id UUID not null references organisations(id),
  person_id UUID not null references persons(id), item_id UUID not null references agenda_items(id), words text not null, words_salt BYTES not null,
  answer_due INSTANT not null, answer text, answer_salt BYTES, answered_by UUID references persons(id), answered_at INSTANT,
  outcome text check (outcome in ('upheld','confirmed')), settled_at INSTANT, version integer not null default 1, created_at INSTANT not null,
  unique (resolution_id, organisation_id))
--
create index objections_item on objections(item_id)
--
create index objections_waiting on objections(answer_due) where answered_at is null
