-- A roster's rules are read in an order that can be changed; their numbers stay what they are called by.
alter table duty_rules add column position integer not null default 0
--
update duty_rules set position = number
--
-- What somebody who has left leaves open, since when; empty again once nobody is to have it.
alter table duty_shifts add column vacant_since INSTANT
--
alter table duty_rules add column vacant_since INSTANT
