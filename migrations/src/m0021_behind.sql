-- Reports that speak for many workers: few, and asked for with every row of a list.
create index reports_behalf on reports(issue_id) where on_behalf_of is not null
