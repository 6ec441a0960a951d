-- How a matter came to be: by a report, from a plan, found at work.
alter table issues add column origin text not null default 'report' check (origin in ('report','plan','found'))
--
-- What comes from a plan is in no list of what people said and in no count. Each index from which those are read holds the
-- column at its end, so that it is told apart there and no row is looked up for it; that of what was received holds too what was
-- brought over.
drop index issues_list
--
create index issues_list on issues(building_id, moved_at, id, origin)
--
drop index issues_state_list
--
create index issues_state_list on issues(building_id, state, moved_at, id, origin)
--
drop index issues_category_list
--
create index issues_category_list on issues(building_id, category, moved_at, id, origin)
--
drop index issues_kind_list
--
create index issues_kind_list on issues(building_id, category, state, moved_at, id, origin)
--
drop index issues_received
--
create index issues_received on issues(building_id, received_at, state, closed_by, done_at, import_id, origin)
--
drop index issues_late
--
create index issues_late on issues(building_id, next_due, state, origin) where next_due is not null
--
drop index issues_places
--
create index issues_places on issues(building_id, place_id, state, next_due, origin) where state not in ('closed','declined','merged','withdrawn')
--
-- What was found at work and waits for the secretary.
create index issues_found on issues(building_id, received_at) where origin = 'found' and released_at is null
--
-- What is done again and again: what, where, by whom, how often. `next_day` is the first day of which no round is written yet.
create table maintenance_plans (
  id UUID primary key, building_id UUID not null references buildings(id), number integer not null,
  place_id UUID references places(id), category text not null, organisation_id UUID not null references organisations(id),
  person_id UUID references persons(id), title text not null, words text not null, steps text not null, safety text not null, salt BYTES not null,
  rhythm text not null check (rhythm in ('days','working_days','month_day')), every integer not null check (every > 0),
  first_day text not null, next_day text not null, within_days integer not null check (within_days >= 0),
  made_at INSTANT not null, changed_at INSTANT not null, made_by UUID references persons(id),
  ended_at INSTANT, ended_why text, version integer not null, unique (building_id, number))
--
create index maintenance_plans_next on maintenance_plans(next_day) where ended_at is null
--
-- A round of a plan: one a day at most, whoever makes it. One without a matter was never made.
create table maintenance_rounds (
  id UUID primary key, plan_id UUID not null references maintenance_plans(id), day text not null,
  issue_id UUID references issues(id), made_at INSTANT not null, unique (plan_id, day))
--
create unique index maintenance_rounds_issue on maintenance_rounds(issue_id) where issue_id is not null
