create table issues (
  id UUID primary key, building_id UUID not null references buildings(id), number integer not null,
  place_id UUID not null references places(id), category text not null,
  tier text not null check (tier in ('t0','t1','t2','t3','t4','t5')),
  state text not null check (state in ('received','accepted','in_work','on_agenda','decided','done','closed','long_term','declined','merged','withdrawn')),
  closed_by text check (closed_by in ('reporter','council','silence')),
  level text not null check (level in ('building','department','association','district','street')),
  title text not null, title_salt BYTES not null,
  public_title text, public_text text, released_at INSTANT, released_by UUID references persons(id),
  holder_id UUID references organisations(id), offered_to_id UUID references organisations(id), offered_until INSTANT,
  transfers_refused integer not null default 0, priority boolean not null default false, contested integer not null default 0,
  merged_into_id UUID references issues(id), state_before text,
  done_by_id UUID references organisations(id),
  plan text, review_on text,
  reports integer not null default 0, me_too integer not null default 0,
  first_answer_due INSTANT, result_due INSTANT, confirm_due INSTANT, next_due INSTANT,
  provisional boolean not null default false,
  received_at INSTANT not null, accepted_at INSTANT, done_at INSTANT, closed_at INSTANT, moved_at INSTANT not null,
  version integer not null default 1,
  unique (building_id, number),
  check ((state = 'closed') = (closed_by is not null)),
  check ((state = 'merged') = (merged_into_id is not null)))
--
create index issues_list on issues(building_id, moved_at, id)
--
create index issues_state_list on issues(building_id, state, moved_at, id)
--
create index issues_category_list on issues(building_id, category, moved_at, id)
--
create index issues_place on issues(place_id, state)
--
create index issues_desk on issues(holder_id, next_due)
--
create index issues_offered on issues(offered_to_id)
--
create index issues_merged on issues(merged_into_id)
--
create index issues_confirm on issues(state, confirm_due)
--
create table reports (
  id UUID primary key, building_id UUID not null references buildings(id),
  issue_id UUID not null references issues(id), filed_issue_id UUID not null references issues(id),
  place_id UUID not null references places(id), poster_id UUID references posters(id),
  kind text not null check (kind in ('new','me_too')),
  channel text not null check (channel in ('poster','web','phone','desk','chat','mail','representative','device')),
  category text not null,
  may_know text not null check (may_know in ('nobody','secretary','secretary_and_manager')),
  words text, words_salt BYTES, public_words text,
  release text not null check (release in ('waiting','as_written','summary','withheld','nothing')),
  released_at INSTANT, released_by UUID references persons(id), release_due INSTANT,
  locale text not null check (locale in ('zh-CN','en')),
  receipt_hash BYTES not null unique, code_hash BYTES not null unique, code_round integer not null,
  form_key BYTES unique, form_digest BYTES,
  first_answer_due INSTANT not null, first_answered_at INSTANT,
  answer text check (answer in ('yes','half','no')), answered_at INSTANT, following boolean not null default true,
  created_at INSTANT not null, withdrawn_at INSTANT, erased_at INSTANT)
--
create index reports_issue on reports(issue_id, created_at)
--
create index reports_filed on reports(filed_issue_id)
--
create index reports_unanswered on reports(issue_id, first_answered_at)
--
create index reports_release on reports(building_id, release, created_at)
--
create table reporters (
  report_id UUID primary key references reports(id),
  name text, phone text, email text, organisation_id UUID references organisations(id), floor text,
  device_hash BYTES, erased_at INSTANT)
--
create index reporters_device on reporters(device_hash)
--
create table tasks (
  id UUID primary key, issue_id UUID not null references issues(id), number integer not null,
  organisation_id UUID not null references organisations(id), person_id UUID references persons(id),
  resolution_id UUID, undertaking_id UUID,
  state text not null check (state in ('dispatched','acknowledged','in_work','done','verified','returned','cancelled')),
  words text not null, words_salt BYTES not null, measure text not null default '',
  evidence text, evidence_salt BYTES,
  due_at INSTANT not null, due_days integer, provisional boolean not null default false,
  dispatched_at INSTANT not null, acknowledged_at INSTANT, started_at INSTANT, done_at INSTANT, verified_at INSTANT,
  moved_at INSTANT not null, version integer not null default 1,
  unique (issue_id, number))
--
create index tasks_desk on tasks(organisation_id, state, due_at)
--
create index tasks_resolution on tasks(resolution_id)
--
create table clock_stops (
  id UUID primary key, task_id UUID not null references tasks(id),
  reason text not null check (reason in ('reporter','council','part')),
  words text not null, words_salt BYTES not null,
  since INSTANT not null, until_at_most INSTANT not null, ended_at INSTANT)
--
create index clock_stops_task on clock_stops(task_id)
--
create table messages (
  id UUID primary key, issue_id UUID not null references issues(id), report_id UUID references reports(id),
  voice text not null check (voice in ('reporters','parties','internal')),
  person_id UUID references persons(id), organisation_id UUID references organisations(id),
  question boolean not null default false, answered_at INSTANT,
  words text, words_salt BYTES, withheld_at INSTANT, erased_at INSTANT, created_at INSTANT not null)
--
create index messages_issue on messages(issue_id, created_at)
--
create table attachments (
  id UUID primary key, issue_id UUID references issues(id), report_id UUID references reports(id),
  task_id UUID references tasks(id), message_id UUID references messages(id),
  hash text not null, thumb_hash text not null, media text not null,
  width integer not null, height integer not null, bytes integer not null,
  position integer not null default 0, released_at INSTANT, released_by UUID references persons(id),
  created_at INSTANT not null, erased_at INSTANT)
--
create index attachments_report on attachments(report_id)
--
create index attachments_issue on attachments(issue_id)
--
create index attachments_task on attachments(task_id)
--
create index attachments_hash on attachments(hash)
--
create index attachments_thumb on attachments(thumb_hash)
--
create table files (hash text primary key, bytes BYTES not null, created_at INSTANT not null)
