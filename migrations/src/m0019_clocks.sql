-- More time for a task: who asked for how many working days and why, who decides, and what became of it.
create table extensions (
  id UUID primary key, task_id UUID not null references tasks(id), building_id UUID not null references buildings(id),
  reason text not null check (reason in ('part','access','others','weather','larger')), words text not null, words_salt BYTES not null,
  days integer not null check (days > 0), due_before INSTANT not null,
  decider text not null check (decider in ('holder','department')),
  asked_at INSTANT not null, asked_by UUID not null references persons(id), asked_for UUID not null references organisations(id),
  decision text check (decision in ('granted','refused','lapsed')), due_after INSTANT,
  answer text, answer_salt BYTES, decided_at INSTANT, decided_by UUID references persons(id), decided_for UUID references organisations(id))
--
create unique index extensions_open on extensions(task_id) where decision is null
--
create index extensions_task on extensions(task_id)
--
create index extensions_waiting on extensions(building_id, due_before) where decision is null
--
-- What stayed late for so long that the street's department was told, and what it said. The day that was missed is part
-- of the key: it is reported once.
create table supervisions (
  id UUID primary key, building_id UUID not null references buildings(id), issue_id UUID not null references issues(id),
  what text not null check (what in ('task','answer','result')), object_id UUID not null, due_at INSTANT not null,
  raised_at INSTANT not null, settled_at INSTANT,
  words text, words_salt BYTES, by_day text, noted_at INSTANT, noted_by UUID references persons(id), noted_for UUID references organisations(id))
--
create unique index supervisions_once on supervisions(object_id, what, due_at)
--
create index supervisions_issue on supervisions(issue_id)
--
create index supervisions_open on supervisions(building_id, raised_at) where settled_at is null
