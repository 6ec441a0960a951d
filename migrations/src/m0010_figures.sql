-- A building's page counts this month's matters and reports, what is late, and what a council closed lately: each from a
-- range of one index that holds all that is asked, however long the history is.
create index issues_received on issues(building_id, received_at, state, closed_by, done_at)
--
create index issues_late on issues(building_id, next_due, state) where next_due is not null
--
create index issues_closed on issues(building_id, closed_by, closed_at, place_id)
--
create index reports_came on reports(building_id, created_at, withdrawn_at, first_answered_at)
--
-- Open matters by place, and how many of them are late, without reading one of them. Only the open ones are in it, or the
-- lists by state would be tempted to use it and then have to sort.
create index issues_places on issues(building_id, place_id, state, next_due) where state not in ('closed','declined','merged','withdrawn')
--
-- A kind of trouble within a state, newest first.
create index issues_kind_list on issues(building_id, category, state, moved_at, id)
--
-- What one reporter wrote, for their receipt.
create index messages_report on messages(report_id) where report_id is not null
