alter table attachments add column original_hash text
--
alter table attachments add column covered_at INSTANT
--
create index attachments_original on attachments(original_hash) where original_hash is not null
--
alter table reports add column rating text check (rating in ('satisfied', 'basically', 'dissatisfied'))
--
alter table reports add column rating_words text
--
alter table reports add column rating_salt BYTES
--
alter table reports add column rated_at INSTANT
