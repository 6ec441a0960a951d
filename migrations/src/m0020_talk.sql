-- A message that was changed, whose evidence it was, and why it was withheld.
alter table messages add column edited_at INSTANT
--
alter table messages add column task_id UUID references tasks(id)
--
alter table messages add column withheld_reason text check (withheld_reason in ('personal','insult','misplaced','secret','unlawful'))
--
alter table messages add column withheld_by UUID references persons(id)
--
alter table messages add column withheld_for UUID references organisations(id)
--
-- What a message said before it was changed.
create table message_versions (
  id UUID primary key, message_id UUID not null references messages(id),
  words text not null, words_salt BYTES not null, said_at INSTANT not null, replaced_at INSTANT not null)
--
create index message_versions_message on message_versions(message_id)
--
-- Whom a message names, and where in its words.
create table mentions (
  id UUID primary key, message_id UUID not null references messages(id),
  kind text not null check (kind in ('person','role','organisation')),
  person_id UUID references persons(id), role text, organisation_id UUID references organisations(id),
  starts integer not null, length integer not null)
--
create index mentions_message on mentions(message_id)
--
-- Who was called by it, and when they had read it.
create table calls (
  message_id UUID not null references messages(id), person_id UUID not null references persons(id),
  issue_id UUID not null references issues(id), called_at INSTANT not null, read_at INSTANT, primary key (message_id, person_id))
--
create index calls_person on calls(person_id) where read_at is null
--
-- What somebody has begun to write on a matter and not sent: their own, nobody else's.
create table drafts (
  person_id UUID not null references persons(id), issue_id UUID not null references issues(id),
  voice text not null check (voice in ('reporters','parties','internal')),
  words text not null, kept_at INSTANT not null, primary key (person_id, issue_id, voice))
--
create index drafts_kept on drafts(kept_at)
--
-- Answers that an organisation gives often.
create table canned_answers (
  id UUID primary key, organisation_id UUID not null references organisations(id), number integer not null,
  category text, title text not null, words text not null, words_en text not null,
  made_by UUID not null references persons(id), made_at INSTANT not null, changed_at INSTANT not null, retired_at INSTANT,
  version integer not null, unique (organisation_id, number))
--
-- Each week a few of the matters that silence closed are drawn, and those who reported are asked.
create table call_back_draws (
  building_id UUID not null references buildings(id), week text not null, closed integer not null, drawn integer not null,
  numbers text not null, ledger_size bigint not null, ledger_root text not null, drawn_at INSTANT not null, primary key (building_id, week))
--
create table call_backs (
  id UUID primary key, building_id UUID not null references buildings(id), week text not null,
  issue_id UUID not null references issues(id), position integer not null, due_at INSTANT not null,
  reached text check (reached in ('spoke','looked','nobody')), result text check (result in ('fixed','basically','not_fixed')),
  words text, words_salt BYTES, called_at INSTANT, called_by UUID references persons(id),
  unique (building_id, week, position))
--
create index call_backs_open on call_backs(building_id) where reached is null
--
create index call_backs_issue on call_backs(issue_id)
--
create index issues_silence on issues(building_id, closed_at) where closed_by = 'silence'
