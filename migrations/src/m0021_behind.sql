-- Reports that speak for many workers: few, and asked for with every row of a list.
create index reports_behalf on reports(issue_id) where on_behalf_of is not null
--
-- Questions to reporters that wait for an answer: few, and looked for with every open matter of a desk.
create index messages_asked on messages(issue_id) where question and answered_at is null
