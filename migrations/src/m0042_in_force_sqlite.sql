-- As in m0024: SQLite cannot change a check, so the text of the table is replaced.
pragma writable_schema = on
--
update sqlite_master set sql = replace(sql, '''repealed'',''lapsed''', '''repealed'',''lapsed'',''expired''')
  where type = 'table' and name = 'resolutions'
--
update sqlite_master set sql = replace(sql, '''late_task''', '''late_task'',''objection'',''review''')
  where type = 'table' and name = 'agenda_items'
--
pragma writable_schema = reset
