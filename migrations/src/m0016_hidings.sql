-- What was public of a report and was taken out of sight, why, and what became of it.
create table hidings (
  id UUID primary key, building_id UUID not null references buildings(id),
  report_id UUID not null references reports(id),
  reason text not null check (reason in ('personal','insult','offer','elsewhere','unlawful')),
  was text not null check (was in ('waiting','as_written','summary','withheld','nothing')), summary text,
  hidden_at INSTANT not null, hidden_by UUID not null references persons(id), hidden_for UUID references organisations(id),
  review_due INSTANT,
  appeal text, appeal_salt BYTES, appealed_at INSTANT,
  ruling text check (ruling in ('upheld','lifted','lapsed')), decided_at INSTANT, decided_by UUID references persons(id),
  answer text, answer_salt BYTES)
--
create unique index hidings_standing on hidings(report_id) where ruling is null or ruling = 'upheld'
--
create index hidings_report on hidings(report_id)
--
create index hidings_building on hidings(building_id) where ruling is null
--
create index hidings_review on hidings(review_due) where ruling is null and review_due is not null
--
alter table attachments add column hidden_at INSTANT
