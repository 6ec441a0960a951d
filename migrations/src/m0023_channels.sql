-- A group robot of an organisation or, where none is named, of the building's council. Its address and secret lie sealed.
create table channels (
  id UUID primary key, building_id UUID not null references buildings(id), organisation_id UUID references organisations(id),
  number integer not null, kind text not null check (kind in ('wecom','dingtalk','feishu')),
  name text not null, masked text not null, sealed BYTES not null,
  locale text not null check (locale in ('zh-CN','en')),
  quiet_from integer check (quiet_from between 0 and 23), quiet_to integer check (quiet_to between 0 and 23),
  state text not null check (state in ('active','paused','broken','removed')),
  state_at INSTANT not null, failures integer not null, refusals integer not null, last_error text,
  recent text not null, ready_at INSTANT not null, busy_until INSTANT, sent_at INSTANT,
  made_by UUID references persons(id), made_at INSTANT not null, version integer not null,
  unique (building_id, number))
--
-- What a channel is told of.
create table channel_topics (
  channel_id UUID not null references channels(id),
  topic text not null check (topic in ('new_issue','task','late','supervision','announcement','meeting')),
  primary key (channel_id, topic))
--
-- How a person wants to be told; no row is the house's way.
create table tellings (
  person_id UUID primary key references persons(id), digest_hour integer not null check (digest_hour between 0 and 23),
  quiet_from integer check (quiet_from between 0 and 23), quiet_to integer check (quiet_to between 0 and 23), changed_at INSTANT not null)
--
create table telling_wishes (
  person_id UUID not null references persons(id),
  matter text not null check (matter in ('new','given','mentioned','due','late','progress','meeting')),
  wish text not null check (wish in ('at_once','daily','never')),
  primary key (person_id, matter))
