alter table outbox drop constraint outbox_address_check
--
alter table outbox add constraint outbox_address_check check (address in ('person','report','mail','channel'))
--
alter table outbox drop constraint outbox_way_check
--
alter table outbox add constraint outbox_way_check check (way in ('mail','sms','robot'))
--
alter table outbox add column channel_id UUID references channels(id)
--
alter table outbox add column waits boolean not null default false
