alter table attachments drop constraint attachments_phase_check
--
alter table attachments add constraint attachments_phase_check check (phase in ('before','after','signature','progress'))
