-- At which of the five levels an organisation acts, where that does not follow from its kind.
alter table organisations add column level text check (level in ('building','department','association','district','street'))
--
-- A matter handed from one to another: who, at which level, which way, and what the receiver answered.
create table hand_overs (
  id UUID primary key, issue_id UUID not null references issues(id), number integer not null,
  from_id UUID references organisations(id),
  from_level text not null check (from_level in ('building','department','association','district','street')),
  to_id UUID not null references organisations(id),
  to_level text not null check (to_level in ('building','department','association','district','street')),
  council_id UUID references councils(id), item_id UUID references agenda_items(id),
  direction text not null check (direction in ('up','down','sideways','back')), reason text not null,
  asked_at INSTANT not null, answer_due INSTANT not null,
  state text not null check (state in ('asked','agreed','refused','lapsed','taken_back')), answered_at INSTANT,
  report_on text, reported_at INSTANT,
  unique (issue_id, number), check ((state = 'asked') = (answered_at is null)))
--
-- One at a time.
create unique index hand_overs_open on hand_overs(issue_id) where state = 'asked'
--
create index hand_overs_reports on hand_overs(to_id, report_on) where report_on is not null and reported_at is null
--
create index issues_away on issues(building_id, moved_at) where level <> 'building' or offered_to_id is not null
--
-- What was offered before this table was there waits for its answer all the same.
insert into hand_overs (id, issue_id, number, from_id, from_level, to_id, to_level, direction, reason, asked_at, answer_due, state)
  select i.id, i.id, 1, i.holder_id, i.level, i.offered_to_id,
    case o.kind when 'department' then 'department' when 'association' then 'association' else 'building' end,
    'sideways', 'joint', i.moved_at, i.offered_until, 'asked'
  from issues i join organisations o on o.id = i.offered_to_id where i.offered_until is not null
