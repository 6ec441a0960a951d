alter table resolutions drop constraint resolutions_state_check
--
alter table resolutions add constraint resolutions_state_check check (state in ('adopted','in_force','superseded','repealed','lapsed','expired'))
--
alter table agenda_items drop constraint agenda_items_source_check
--
alter table agenda_items add constraint agenda_items_source_check check (source in ('issue','petition','member','department','failed_check','handed_over','late_task','objection','review'))
