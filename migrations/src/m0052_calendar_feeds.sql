-- One address a person, which their calendar asks without signing in; a new one takes its place.
create table calendar_feeds (
  person_id UUID primary key references persons(id), token_hash BYTES not null unique, made_at INSTANT not null)
