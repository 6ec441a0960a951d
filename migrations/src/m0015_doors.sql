-- A mobile number, where somebody keeps their receipt by SMS.
alter table reporters add column sms text
--
create index reporters_sms on reporters(sms) where sms is not null
--
-- By which way a letter goes.
alter table outbox add column way text not null default 'mail' check (way in ('mail','sms'))
--
-- The address to which a reporter's replies go, as a hash: whoever knows it may add to the report.
create table mail_threads (report_id UUID primary key references reports(id), token_hash BYTES not null unique)
--
-- Mails that came in, each once: a keyed hash of what identifies it, and what became of it. No address, no words.
create table incoming (
  id UUID primary key, fingerprint BYTES not null unique,
  door text not null check (door in ('hook','maildir')),
  outcome text not null check (outcome in ('filed','added','ignored','refused')),
  reason text, building_id UUID references buildings(id), report_id UUID references reports(id),
  file text, bytes bigint not null, at INSTANT not null)
--
create index incoming_outcome on incoming(outcome, at)
--
-- For how many workers an enterprise's representative speaks, and for which enterprise.
alter table reports add column on_behalf_of integer check (on_behalf_of >= 2)
--
alter table reports add column represented_id UUID references organisations(id)
--
-- Keys of devices: the key itself is shown once.
create table device_keys (
  id UUID primary key, building_id UUID not null references buildings(id), organisation_id UUID references organisations(id),
  name text not null, key_hash BYTES not null unique, created_by UUID references persons(id),
  created_at INSTANT not null, used_on text, revoked_at INSTANT)
--
create index device_keys_building on device_keys(building_id, created_at)
