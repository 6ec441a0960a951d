create table reminders (
  what text not null check (what in ('task','answer','result','review','check','confirmation','meeting')), object_id UUID not null,
  level integer not null check (level between 1 and 3), due_at INSTANT not null, at INSTANT not null,
  primary key (object_id, what, level, due_at))
--
create index tasks_due on tasks(due_at) where state in ('dispatched','acknowledged','in_work')
--
create index issues_due on issues(next_due) where next_due is not null
--
create index clock_stops_open on clock_stops(until_at_most) where ended_at is null
--
create index issues_offer_ends on issues(offered_until) where offered_until is not null
