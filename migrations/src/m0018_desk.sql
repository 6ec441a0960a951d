-- Who of the organisation responsible has a matter in hand.
alter table issues add column person_id UUID references persons(id)
--
create index issues_person on issues(person_id, state) where person_id is not null
--
create index tasks_person on tasks(person_id, state) where person_id is not null
--
-- Several things done at once from the desk, so that they can be undone at once.
create table batches (
  id UUID primary key, person_id UUID not null references persons(id),
  verb text not null check (verb in ('accept','answer','assign','transfer')),
  made_at INSTANT not null, undone_at INSTANT, told boolean not null)
--
create index batches_person on batches(person_id, made_at)
--
create table batch_parts (
  batch_id UUID not null references batches(id), issue_id UUID not null references issues(id), task_id UUID references tasks(id),
  position integer not null, version integer not null, line bigint not null, former_id UUID references persons(id), undone boolean not null,
  primary key (batch_id, position))
--
create index batch_parts_issue on batch_parts(issue_id)
--
-- A filter of the desk under a name; with an organisation its people see it too.
create table saved_views (
  id UUID primary key, person_id UUID not null references persons(id), organisation_id UUID references organisations(id),
  name text not null, query text not null, first boolean not null, created_at INSTANT not null)
--
create index saved_views_person on saved_views(person_id)
--
create index saved_views_organisation on saved_views(organisation_id) where organisation_id is not null
