-- The owners' roll of a building, by versions. Nothing of it is altered: a unit's row holds from one version until another.
create table owner_rolls (
  building_id UUID not null references buildings(id), version integer not null check (version > 0), units integer not null,
  holders integer not null, area bigint not null, made_by UUID references persons(id), created_at INSTANT not null,
  primary key (building_id, version))
--
create table owner_holders (
  id UUID primary key, building_id UUID not null references buildings(id), number integer not null,
  kind text not null check (kind in ('organisation','household','developer')), organisation_id UUID references organisations(id),
  label text not null, created_at INSTANT not null, unique (building_id, number),
  check ((kind = 'organisation') = (organisation_id is not null)))
--
create unique index owner_holders_label on owner_holders(building_id, kind, label)
--
-- Names of people, apart from everything that counts: this row goes when it is erased.
create table owner_names (
  holder_id UUID primary key references owner_holders(id), names text not null, created_at INSTANT not null)
--
-- Areas in 1/100 square metres.
create table owner_units (
  id UUID primary key, building_id UUID not null references buildings(id), holder_id UUID not null references owner_holders(id),
  unit text not null, area bigint not null check (area > 0), parking boolean not null, co_owners integer not null check (co_owners between 1 and 20),
  from_version integer not null, until_version integer, check (until_version is null or until_version > from_version))
--
create unique index owner_units_now on owner_units(building_id, unit) where until_version is null
--
create index owner_units_from on owner_units(building_id, from_version)
--
create table owners_votes (
  id UUID primary key, building_id UUID not null references buildings(id), number integer not null, item_id UUID references agenda_items(id),
  matter text not null check (matter in ('assembly_rules','covenant','committee','manager','use_fund','raise_fund','rebuild','common_parts','other')),
  title text not null, question text not null, question_salt BYTES not null, roll_version integer not null,
  parking_counts boolean not null, silent_ground text, online boolean not null, opens_at INSTANT not null, closes_at INSTANT not null,
  announced_by UUID references persons(id), created_at INSTANT not null, called_off_at INSTANT, called_off_because text,
  decision text check (decision in ('passed','rejected','no_quorum')), settled_at INSTANT, version integer not null,
  unique (building_id, number), foreign key (building_id, roll_version) references owner_rolls(building_id, version),
  check ((decision is null) = (settled_at is null)), check ((called_off_at is null) = (called_off_because is null)))
--
create index owners_votes_item on owners_votes(item_id) where item_id is not null
--
create index owners_votes_due on owners_votes(closes_at) where settled_at is null and called_off_at is null
--
-- One ballot of a holder; of a unit that several own one of each of them, or one of all (0).
create table owner_ballots (
  vote_id UUID not null references owners_votes(id), holder_id UUID not null references owner_holders(id), voice integer not null,
  choice text not null check (choice in ('yes','no','abstain')),
  handed text not null check (handed in ('in_person','by_proxy','by_proxy_without_paper')), on_paper boolean not null,
  recorded_by UUID references persons(id), cast_at INSTANT not null, changed_at INSTANT, primary key (vote_id, holder_id, voice))
--
-- A council may weigh votes by the size of enterprises; what each seat weighed is kept with the motion.
alter table rules add column weighing text not null default 'seat' check (weighing in ('seat','enterprise'))
--
alter table rules add column weighing_major text not null default 'seat' check (weighing_major in ('seat','enterprise'))
--
alter table rules add column weight_small integer not null default 1
--
alter table rules add column weight_middle integer not null default 2
--
alter table rules add column weight_large integer not null default 3
--
alter table rules add column weight_huge integer not null default 4
--
create table seat_weights (
  motion_id UUID not null references motions(id), seat_id UUID not null references seats(id), weight integer not null check (weight > 0),
  primary key (motion_id, seat_id))
--
alter table motions add column weight_base integer
--
alter table motions add column weight_yes integer
--
alter table motions add column weight_no integer
--
alter table motions add column weight_abstain integer
--
alter table motions add column weight_capped integer
