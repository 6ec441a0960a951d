-- Matters that an agenda item answers beside the one that it is about: what came back at the same spot, of the same kind, at the same hour.
create table topics (
  item_id UUID not null references agenda_items(id), issue_id UUID not null references issues(id), gathered_at INSTANT not null,
  primary key (item_id, issue_id))
--
create index topics_issue on topics(issue_id)
