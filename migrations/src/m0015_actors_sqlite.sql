-- SQLite cannot change a check: the journal is written anew, line by line, with the guards that it had.
create table journal_anew (
  seq SERIAL, at INSTANT not null,
  actor text not null check (actor in ('person','reporter','visitor','system','device')),
  actor_id UUID, organisation_id UUID, role text,
  act text not null, object text not null, object_id UUID not null,
  district_id UUID, building_id UUID, issue_id UUID, data text not null)
--
insert into journal_anew (seq, at, actor, actor_id, organisation_id, role, act, object, object_id, district_id, building_id, issue_id, data)
  select seq, at, actor, actor_id, organisation_id, role, act, object, object_id, district_id, building_id, issue_id, data from journal order by seq
--
drop table journal
--
alter table journal_anew rename to journal
--
create index journal_issue on journal(issue_id, seq)
--
create index journal_object on journal(object_id, seq)
--
create index journal_building on journal(building_id, seq)
--
create index journal_actor on journal(actor_id, seq)
--
create trigger journal_keeps_update before update on journal begin select raise(abort, 'the journal is append-only'); end
--
create trigger journal_keeps_delete before delete on journal begin select raise(abort, 'the journal is append-only'); end
--
create trigger journal_keeps_replace before insert on journal when exists (select 1 from journal where seq = new.seq) begin select raise(abort, 'the journal is append-only'); end
