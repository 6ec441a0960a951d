alter table issues drop constraint issues_closed_by_check
--
alter table issues add constraint issues_closed_by_check check (closed_by in ('reporter','council','silence','import'))
--
alter table reports drop constraint reports_channel_check
--
alter table reports add constraint reports_channel_check check (channel in ('poster','web','phone','desk','chat','mail','representative','device','import'))
