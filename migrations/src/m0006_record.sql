create table journal (
  seq SERIAL, at INSTANT not null,
  actor text not null check (actor in ('person','reporter','visitor','system')),
  actor_id UUID, organisation_id UUID, role text,
  act text not null, object text not null, object_id UUID not null,
  district_id UUID, building_id UUID, issue_id UUID, data text not null)
--
create index journal_issue on journal(issue_id, seq)
--
create index journal_object on journal(object_id, seq)
--
create index journal_building on journal(building_id, seq)
--
create index journal_actor on journal(actor_id, seq)
--
create table outbox (
  id UUID primary key, kind text not null, address text not null check (address in ('person','report','mail')),
  person_id UUID references persons(id), report_id UUID references reports(id), mail text,
  data text not null, once text unique, created_at INSTANT not null, due_at INSTANT not null,
  claimed_until INSTANT, tries integer not null default 0, sent_at INSTANT, given_up_at INSTANT, last_error text)
--
create index outbox_due on outbox(sent_at, given_up_at, due_at)
--
create table kept_mails (
  id UUID primary key, outbox_id UUID references outbox(id), recipient text not null, subject text not null, body text not null, created_at INSTANT not null)
--
create table ledger_head (
  id integer primary key check (id = 1), size bigint not null, frontier BYTES not null, checkpoint text not null, at INSTANT not null)
--
create table ledger_entries (
  position bigint primary key, kind text not null, body text not null, leaf_hash BYTES not null,
  object text not null, object_id UUID not null, building_id UUID, at INSTANT not null)
--
create index ledger_entries_object on ledger_entries(object_id)
--
create table ledger_tiles (
  level integer not null, tile bigint not null, hashes BYTES not null, primary key (level, tile))
--
create table calendars (
  version integer primary key, source text not null, body text not null, loaded_at INSTANT not null, loaded_by UUID references persons(id))
