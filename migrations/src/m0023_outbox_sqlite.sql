-- SQLite cannot change a check: the outbox is written anew, and first whatever points at it.
create table outbox_anew (
  id UUID primary key, kind text not null, address text not null check (address in ('person','report','mail','channel')),
  person_id UUID references persons(id), report_id UUID references reports(id), mail text,
  data text not null, once text unique, created_at INSTANT not null, due_at INSTANT not null,
  claimed_until INSTANT, tries integer not null default 0, sent_at INSTANT, given_up_at INSTANT, last_error text,
  subscription_id UUID references subscriptions(id) on delete set null,
  way text not null default 'mail' check (way in ('mail','sms','robot')),
  channel_id UUID references channels(id), waits boolean not null default false)
--
insert into outbox_anew (id, kind, address, person_id, report_id, mail, data, once, created_at, due_at, claimed_until, tries, sent_at, given_up_at,
    last_error, subscription_id, way)
  select id, kind, address, person_id, report_id, mail, data, once, created_at, due_at, claimed_until, tries, sent_at, given_up_at,
    last_error, subscription_id, way from outbox
--
create table kept_mails_anew (
  id UUID primary key, outbox_id UUID references outbox_anew(id), recipient text not null, subject text not null, body text not null, created_at INSTANT not null)
--
insert into kept_mails_anew (id, outbox_id, recipient, subject, body, created_at)
  select id, outbox_id, recipient, subject, body, created_at from kept_mails
--
drop table kept_mails
--
drop table outbox
--
alter table outbox_anew rename to outbox
--
alter table kept_mails_anew rename to kept_mails
--
create index outbox_due on outbox(sent_at, given_up_at, due_at)
--
create index outbox_subscription on outbox(subscription_id) where subscription_id is not null
