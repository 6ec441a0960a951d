-- Held on paper: a meeting that is entered afterwards, and the scans of its sheets.
alter table meetings add column paper_by UUID references persons(id)
--
alter table meetings add column paper_at INSTANT
--
alter table meetings add column paper_until INSTANT
--
create table scans (
  id UUID primary key, meeting_id UUID not null references meetings(id), number integer not null, hash text not null,
  media text not null check (media in ('application/pdf','image/jpeg','image/png')), title text not null, bytes integer not null,
  public boolean not null default false, by_id UUID not null references persons(id), at INSTANT not null, unique (meeting_id, number))
--
create index scans_hash on scans(hash)
