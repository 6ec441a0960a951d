-- Who follows something by mail. The row is all that is kept of them, and goes when they stop.
create table subscriptions (
  id UUID primary key, building_id UUID not null references buildings(id), place_id UUID references places(id),
  category text, issue_id UUID references issues(id),
  email text not null, locale text not null check (locale in ('zh-CN','en')),
  pace text not null check (pace in ('daily','at_once')),
  token_hash BYTES not null unique, once BYTES not null unique,
  told_seq bigint not null default 0, told_at INSTANT not null, sent_at INSTANT,
  created_at INSTANT not null, confirmed_at INSTANT)
--
create index subscriptions_due on subscriptions(pace, told_at) where confirmed_at is not null
--
create index subscriptions_waiting on subscriptions(created_at) where confirmed_at is null
--
alter table outbox add column subscription_id UUID references subscriptions(id) on delete set null
--
create index outbox_subscription on outbox(subscription_id) where subscription_id is not null
