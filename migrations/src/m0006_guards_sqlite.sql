create trigger journal_keeps_update before update on journal begin select raise(abort, 'the journal is append-only'); end
--
create trigger journal_keeps_delete before delete on journal begin select raise(abort, 'the journal is append-only'); end
--
create trigger journal_keeps_replace before insert on journal when exists (select 1 from journal where seq = new.seq) begin select raise(abort, 'the journal is append-only'); end
--
create trigger ledger_keeps_update before update on ledger_entries begin select raise(abort, 'the ledger is append-only'); end
--
create trigger ledger_keeps_delete before delete on ledger_entries begin select raise(abort, 'the ledger is append-only'); end
--
create trigger ledger_keeps_replace before insert on ledger_entries when exists (select 1 from ledger_entries where position = new.position) begin select raise(abort, 'the ledger is append-only'); end
