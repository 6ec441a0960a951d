alter table reminders drop constraint reminders_what_check
--
alter table reminders add constraint reminders_what_check check (what in ('task','answer','result','review','check','confirmation','meeting','report'))
