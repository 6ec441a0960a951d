-- What is said about an item between meetings: options, positions asked by a day, remarks, leanings.
alter table agenda_items add column open_to text not null default 'members' check (open_to in ('members','enterprises'))
--
create table item_options (
  id UUID primary key, item_id UUID not null references agenda_items(id), number integer not null,
  title text not null, words text not null default '', costs text not null default '', doers text not null default '', created_at INSTANT not null,
  unique (item_id, number))
--
create table positions (
  id UUID primary key, item_id UUID not null references agenda_items(id), organisation_id UUID not null references organisations(id),
  number integer not null, due_at INSTANT not null, words text, words_salt BYTES, answered_by UUID references persons(id), answered_at INSTANT,
  version integer not null default 1, created_at INSTANT not null, unique (item_id, number), unique (item_id, organisation_id))
--
create index positions_waiting on positions(organisation_id, due_at) where answered_at is null
--
create table remarks (
  id UUID primary key, item_id UUID not null references agenda_items(id), option_id UUID references item_options(id),
  person_id UUID references persons(id), organisation_id UUID references organisations(id),
  stance text not null check (stance in ('for','against','remark','summary')), words text not null, words_salt BYTES not null,
  created_at INSTANT not null)
--
create index remarks_item on remarks(item_id, created_at)
--
create table leanings (
  option_id UUID not null references item_options(id), seat_id UUID not null references seats(id), item_id UUID not null references agenda_items(id),
  leaning text not null check (leaning in ('for','against','unsure')), said_at INSTANT not null, primary key (option_id, seat_id))
--
create index leanings_item on leanings(item_id)
