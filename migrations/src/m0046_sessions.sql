-- What an open session has at hand, and since when.
alter table meetings add column item_id UUID references agenda_items(id)
--
alter table meetings add column item_since INSTANT
--
-- Who wants to speak, who speaks, who has spoken: a seat, or a guest by name.
create table speakers (
  id UUID primary key, meeting_id UUID not null references meetings(id), item_id UUID references agenda_items(id),
  seat_id UUID references seats(id), guest text, asked_at INSTANT not null, began_at INSTANT, ended_at INSTANT,
  check ((seat_id is null) <> (guest is null)))
--
create index speakers_meeting on speakers(meeting_id, asked_at)
--
create unique index speakers_asks_once on speakers(meeting_id, seat_id) where ended_at is null and seat_id is not null
--
-- One speaks at a time.
create unique index speakers_one on speakers(meeting_id) where began_at is not null and ended_at is null
--
-- What the secretary writes down while a session is open.
create table session_notes (
  id UUID primary key, meeting_id UUID not null references meetings(id), item_id UUID references agenda_items(id),
  words text not null, words_salt BYTES not null, written_by UUID references persons(id), created_at INSTANT not null)
--
create index session_notes_meeting on session_notes(meeting_id, created_at)
--
-- A motion that changes another's words.
alter table motions add column amends_id UUID references motions(id)
--
-- Who has voted in a secret vote, and, apart from it, what was said: nothing in these two tables leads from one to the other. The rows of
-- the second are kept in the order of their receipts, which are drawn by lot.
create table secret_casts (
  motion_id UUID not null references motions(id), seat_id UUID not null references seats(id), person_id UUID not null references persons(id),
  cast_at INSTANT not null, primary key (motion_id, seat_id))
--
create table secret_ballots (
  motion_id UUID not null references motions(id), receipt text not null, choice text not null check (choice in ('yes','no','abstain')),
  primary key (motion_id, receipt)) WITHOUT_ROWID
--
-- A written procedure is open until a stored instant.
alter table meetings add column votes_until INSTANT
