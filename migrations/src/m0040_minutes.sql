-- Minutes: a draft that is kept, sent for signature, signed or remarked upon, adopted.
alter table meetings add column minutes_draft text
--
alter table meetings add column minutes_sent_at INSTANT
--
create table minutes_signatures (
  id UUID primary key, meeting_id UUID not null references meetings(id), person_id UUID not null references persons(id),
  hash text not null, at INSTANT not null, unique (meeting_id, person_id, hash))
--
create table minutes_remarks (
  id UUID primary key, meeting_id UUID not null references meetings(id), number integer not null, person_id UUID not null references persons(id),
  words text not null, words_salt BYTES not null, hash text not null, at INSTANT not null,
  taken_up boolean, reply text, reply_salt BYTES, answered_at INSTANT, unique (meeting_id, number))
