-- When the same trouble last closed at a place: whether it came back.
create index issues_again on issues(place_id, category, closed_at)
