-- A batch of slips of an enterprise: how many were made and used, never by whom.
create table slip_batches (
  id UUID primary key, organisation_id UUID not null references organisations(id), building_id UUID not null references buildings(id),
  door text not null check (door in ('paper','mail')),
  made integer not null check (made > 0), used integer not null default 0,
  made_on text not null, valid_until text not null, ended_on text, form_key BYTES unique)
--
create index slip_batches_organisation on slip_batches(organisation_id, made_on)
--
-- A slip that nobody has redeemed; the row goes when somebody does. All that follows is ordered by hashes: neither a row's
-- place nor its number tells when it was written.
create table slips (code BYTES primary key, batch_id UUID not null references slip_batches(id)) WITHOUT_ROWID
--
create index slips_batch on slips(batch_id)
--
-- What a slip became: a secret on somebody's device.
create table slip_credentials (secret BYTES primary key, batch_id UUID not null references slip_batches(id)) WITHOUT_ROWID
--
create index slip_credentials_batch on slip_credentials(batch_id)
--
-- Which mail addresses a batch has invited, as keyed hashes.
create table slip_addresses (address BYTES primary key, batch_id UUID not null references slip_batches(id)) WITHOUT_ROWID
--
create index slip_addresses_batch on slip_addresses(batch_id)
--
-- Domains at which an enterprise's workers have their mail.
create table slip_domains (
  domain text not null, organisation_id UUID not null references organisations(id), stated_on text not null, primary key (domain, organisation_id))
--
-- One key for each enterprise and matter, so that a token proves this and nothing else. The private part is sealed.
create table proof_keys (
  organisation_id UUID not null references organisations(id), issue_id UUID not null references issues(id),
  key_id BYTES not null unique, public BYTES not null, private BYTES not null, primary key (organisation_id, issue_id)) WITHOUT_ROWID
--
-- That some credential was given its token for a matter: keyed by both, so that neither can be read back.
create table proof_marks (mark BYTES primary key, issue_id UUID not null references issues(id), asked BYTES not null) WITHOUT_ROWID
--
create index proof_marks_issue on proof_marks(issue_id)
--
create table spent_tokens (token BYTES primary key, issue_id UUID not null references issues(id)) WITHOUT_ROWID
--
create index spent_tokens_issue on spent_tokens(issue_id)
--
-- That one report behind a matter is of somebody who works at an enterprise; which one, only the server's key knows.
create table proofs (
  report BYTES primary key, issue_id UUID not null references issues(id), organisation_id UUID not null references organisations(id),
  day text not null) WITHOUT_ROWID
--
create index proofs_issue on proofs(issue_id, organisation_id, day)
--
create table cleanups_14 (
  night text not null, what text not null check (what in ('contact','photos','sessions','limits','subscriptions','letters','proofs')),
  n bigint not null, at INSTANT not null, primary key (night, what))
--
insert into cleanups_14 (night, what, n, at) select night, what, n, at from cleanups
--
drop table cleanups
--
alter table cleanups_14 rename to cleanups
