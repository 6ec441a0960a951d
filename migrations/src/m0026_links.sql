-- Links between two matters of a building. `from_id` is what is caused, waits to be blocked, came back or was split off.
create table issue_links (
  from_id UUID not null references issues(id), to_id UUID not null references issues(id),
  kind text not null check (kind in ('related','caused_by','blocks','returns','split_from')),
  made_at INSTANT not null, made_by UUID references persons(id), primary key (from_id, to_id, kind), check (from_id <> to_id))
--
create index issue_links_to on issue_links(to_id)
--
-- A report that speaks of two troubles stands behind both: its copy says of which it is one.
alter table reports add column copy_of_id UUID references reports(id)
--
create index reports_copy on reports(copy_of_id) where copy_of_id is not null
--
-- Where its original stands too, a copy counts no more.
alter table reports add column folded_into_id UUID references issues(id)
