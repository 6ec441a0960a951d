create table progress (
  id UUID primary key, task_id UUID not null references tasks(id), organisation_id UUID not null references organisations(id),
  person_id UUID not null references persons(id), words text not null, words_salt BYTES not null, photos integer not null default 0,
  created_at INSTANT not null)
--
create index progress_task on progress(task_id, created_at)
--
-- A task that stays late comes before the council once.
create table late_items (
  task_id UUID primary key references tasks(id), item_id UUID not null references agenda_items(id), at INSTANT not null) WITHOUT_ROWID
--
-- When those who reported were asked how they find it.
alter table effect_checks add column asked_at INSTANT
--
-- What was due before this was thought of is not asked about now.
update effect_checks set asked_at = created_at where verdict is not null
--
create index effect_checks_planned on effect_checks(planned_on) where verdict is null
--
create table opinions (
  check_id UUID not null references effect_checks(id) on delete cascade, report_id UUID not null references reports(id),
  feeling text not null check (feeling in ('better','same','worse')), at INSTANT not null, primary key (check_id, report_id)) WITHOUT_ROWID
--
create index opinions_report on opinions(report_id)
