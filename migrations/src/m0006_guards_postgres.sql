create function louyi_append_only() returns trigger language plpgsql as $$ begin raise exception '% is append-only', tg_table_name; end $$
--
create trigger journal_keeps before update or delete on journal for each row execute function louyi_append_only()
--
create trigger journal_keeps_all before truncate on journal for each statement execute function louyi_append_only()
--
create trigger ledger_keeps before update or delete on ledger_entries for each row execute function louyi_append_only()
--
create trigger ledger_keeps_all before truncate on ledger_entries for each statement execute function louyi_append_only()
