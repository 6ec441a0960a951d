-- What whoever carries a task out should know before, and what it has cost in all, in fen.
alter table tasks add column safety text not null default ''
--
alter table tasks add column cost_fen bigint check (cost_fen >= 0)
--
-- Its steps, ticked off one by one.
create table task_steps (
  task_id UUID not null references tasks(id), position integer not null, words text not null, words_salt BYTES not null,
  done_at INSTANT, done_by UUID references persons(id), primary key (task_id, position))
--
-- Parts that it needs, what they cost, and when they were there.
create table task_parts (
  task_id UUID not null references tasks(id), position integer not null, words text not null, words_salt BYTES not null,
  quantity integer not null check (quantity > 0), cost_fen bigint check (cost_fen >= 0), came_at INSTANT, primary key (task_id, position))
--
-- An appointment with a tenant whose rooms must be entered, and what the tenant says to it.
create table task_visits (
  task_id UUID not null references tasks(id), position integer not null, organisation_id UUID not null references organisations(id),
  from_at INSTANT not null, until_at INSTANT not null, words text not null, words_salt BYTES not null,
  asked_by UUID not null references persons(id), asked_at INSTANT not null,
  answer text check (answer in ('agreed','declined','called_off')), answer_words text, answer_salt BYTES,
  answered_by UUID references persons(id), answered_for UUID references organisations(id), answered_at INSTANT,
  check (from_at < until_at), primary key (task_id, position))
--
-- Which of a task's pictures shows how it was, how it is, and who signed.
alter table attachments add column phase text check (phase in ('before','after','signature'))
