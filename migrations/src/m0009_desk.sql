-- The order of a desk is read off an index: contested work first, then by what is due next. Matters of which nothing is
-- owed any more have no date and are not in it.
drop index issues_desk
--
create index issues_desk on issues(holder_id, priority desc, next_due, id) where next_due is not null
--
create index issues_held on issues(holder_id, state, next_due)
--
create index reports_release_due on reports(building_id, release, release_due)
