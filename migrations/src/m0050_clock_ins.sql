-- Counts of an enterprise's own time clocks, five minutes each; no person is in them.
create table clock_ins (
  id UUID primary key, item_id UUID not null references agenda_items(id), organisation_id UUID not null references organisations(id),
  number integer not null, day text not null, first_minute integer not null check (first_minute between 0 and 1439), counts text not null,
  given_by UUID references persons(id), given_at INSTANT not null, withdrawn_at INSTANT, unique (item_id, number))
--
create unique index clock_ins_one on clock_ins(item_id, organisation_id, day) where withdrawn_at is null
