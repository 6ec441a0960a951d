create table councils (
  id UUID primary key, district_id UUID not null references districts(id), building_id UUID unique references buildings(id),
  name text not null, name_en text not null, last_meeting integer not null default 0, founded_on text not null, created_at INSTANT not null)
--
create table seats (
  id UUID primary key, council_id UUID not null references councils(id), number integer not null,
  class text not null check (class in ('party','property','developer','owner','enterprise','residents','street')),
  organisation_id UUID not null references organisations(id),
  person_id UUID references persons(id), deputy_id UUID references persons(id),
  since INSTANT not null, ended_at INSTANT, unique (council_id, number))
--
create table rules (
  id UUID primary key, council_id UUID not null references councils(id), version integer not null,
  basis text not null check (basis in ('all','present')), majority_num integer not null, majority_den integer not null check (majority_den > 0),
  majority_strict boolean not null, quorum_num integer not null, quorum_den integer not null check (quorum_den > 0), allow_proxy boolean not null,
  notice_days integer not null, urgent_notice_hours integer not null, meeting_months integer not null,
  minutes_days integer not null, publish_days integer not null, display_days integer not null, display_days_major integer not null,
  objection_answer_days integer not null, confirm_days integer not null, follow_up_days text not null,
  petition_workers integer not null, in_force_from INSTANT not null, created_at INSTANT not null,
  unique (council_id, version))
--
create table meetings (
  id UUID primary key, council_id UUID not null references councils(id), rules_id UUID not null references rules(id), number integer not null,
  kind text not null check (kind in ('regular','extraordinary')),
  state text not null check (state in ('draft','called','open','closed','cancelled')),
  starts_at INSTANT not null, place text not null, online text,
  papers_hash text, called_at INSTANT, opened_at INSTANT, closed_at INSTANT,
  minutes text, minutes_salt BYTES, minutes_hash text, minutes_at INSTANT, version integer not null default 1,
  created_at INSTANT not null, unique (council_id, number))
--
create table agenda_items (
  id UUID primary key, council_id UUID not null references councils(id), meeting_id UUID references meetings(id), position integer not null default 0,
  issue_id UUID references issues(id), proposed_by_id UUID references organisations(id),
  source text not null check (source in ('issue','petition','member','department','failed_check','handed_over','late_task')),
  competence text not null check (competence in ('council','owners_vote','owner_sole','public_power','enterprise_internal')),
  title text not null, question text not null default '', papers text not null default '',
  public boolean not null default true, not_public_reason text, late boolean not null default false,
  state text not null check (state in ('proposed','listed','discussed','decided','referred','deferred','withdrawn')),
  outcome_words text, outcome_salt BYTES, deferred_to text, version integer not null default 1,
  created_at INSTANT not null, closed_at INSTANT)
--
create index agenda_items_council on agenda_items(council_id, state)
--
create index agenda_items_meeting on agenda_items(meeting_id, position)
--
create index agenda_items_issue on agenda_items(issue_id)
--
create table attendances (
  id UUID primary key, meeting_id UUID not null references meetings(id), seat_id UUID not null references seats(id),
  person_id UUID not null references persons(id), how text not null check (how in ('room','online')),
  since INSTANT not null, left_at INSTANT)
--
create unique index attendances_one on attendances(meeting_id, seat_id) where left_at is null
--
create table recusals (
  id UUID primary key, item_id UUID not null references agenda_items(id), seat_id UUID not null references seats(id),
  ground text not null check (ground in ('declared','must_sign','decided')), created_at INSTANT not null, unique (item_id, seat_id))
--
create table motions (
  id UUID primary key, item_id UUID not null references agenda_items(id), number integer not null,
  words text not null, words_salt BYTES not null, title text not null, reasons text not null default '',
  state text not null check (state in ('draft','open','closed','withdrawn')),
  method text not null check (method in ('consensus','named','show')),
  outcome text check (outcome in ('passed','rejected','no_quorum','escalated','consensus')),
  seats integer, recused integer, present integer, yes integer, no integer, abstain integer, objections integer not null default 0,
  figure text check (figure in ('wait_median','late_marks','wait_down_longest','reports_per_week','other')), figure_unit text, figure_before bigint, figure_target bigint, figure_decimals integer,
  check_days text not null default '', display_days integer not null default 3, supersedes_id UUID,
  opened_at INSTANT, closed_at INSTANT, version integer not null default 1, created_at INSTANT not null, unique (item_id, number))
--
create table votes (
  id UUID primary key, motion_id UUID not null references motions(id), seat_id UUID not null references seats(id), person_id UUID not null references persons(id),
  choice text not null check (choice in ('yes','no','abstain')), recorded_by UUID references persons(id), cast_at INSTANT not null,
  unique (motion_id, seat_id))
--
create table resolutions (
  id UUID primary key, council_id UUID not null references councils(id), motion_id UUID not null unique references motions(id), issue_id UUID references issues(id),
  year integer not null, serial integer not null, title text not null, words text not null, words_salt BYTES not null, reasons text not null default '',
  state text not null check (state in ('adopted','in_force','superseded','repealed','lapsed')),
  supersedes_id UUID references resolutions(id), no_action_because text,
  adopted_at INSTANT not null, display_until INSTANT, in_force_at INSTANT, published_at INSTANT, ledger_index bigint, version integer not null default 1,
  unique (council_id, year, serial))
--
create index resolutions_issue on resolutions(issue_id)
--
create table undertakings (
  id UUID primary key, item_id UUID not null references agenda_items(id), motion_id UUID references motions(id), resolution_id UUID references resolutions(id),
  organisation_id UUID not null references organisations(id), number integer not null,
  words text not null, words_salt BYTES not null, measure text not null, due_at INSTANT not null,
  state text not null check (state in ('asked','signed','changes_asked','refused','lapsed')),
  reply text, signed_by UUID references persons(id), answered_at INSTANT, task_id UUID references tasks(id),
  version integer not null default 1, created_at INSTANT not null, unique (item_id, number))
--
create index undertakings_organisation on undertakings(organisation_id, state)
--
create table measurements (
  id UUID primary key, issue_id UUID not null references issues(id),
  figure text not null check (figure in ('wait_median','late_marks','wait_down_longest','reports_per_week','other')),
  label text not null default '', unit text not null, decimals integer not null check (decimals between 0 and 3), value bigint not null,
  phase text not null check (phase in ('before','after_failed','after')), sample integer, source text not null,
  organisation_id UUID references organisations(id), measured_on text not null, created_at INSTANT not null)
--
create index measurements_issue on measurements(issue_id, figure, measured_on)
--
create table effect_checks (
  id UUID primary key, issue_id UUID not null references issues(id), resolution_id UUID not null references resolutions(id),
  figure text not null check (figure in ('wait_median','late_marks','wait_down_longest','reports_per_week','other')),
  unit text not null, decimals integer not null, before_value bigint, target_value bigint, after_value bigint,
  planned_on text not null, last boolean not null default false, verdict text check (verdict in ('effective','partly','ineffective')),
  words text, words_salt BYTES, checked_by UUID references persons(id), checked_at INSTANT, ledger_index bigint, version integer not null default 1, created_at INSTANT not null)
--
create index effect_checks_issue on effect_checks(issue_id, planned_on)
