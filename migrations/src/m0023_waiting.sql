create index outbox_channel on outbox(channel_id, created_at) where channel_id is not null
--
create index outbox_waiting on outbox(person_id, due_at) where waits
