-- Which times a tenant has not answered yet, for its desk.
create index task_visits_waiting on task_visits (organisation_id, from_at) where answer is null
