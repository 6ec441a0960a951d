alter table journal drop constraint journal_actor_check
--
alter table journal add constraint journal_actor_check check (actor in ('person','reporter','visitor','system','device'))
