-- As in m0024: SQLite cannot change a check, so the text of the table is replaced.
pragma writable_schema = on
--
update sqlite_master set sql = replace(sql, '''before'',''after'',''signature''', '''before'',''after'',''signature'',''progress''')
  where type = 'table' and name = 'attachments'
--
pragma writable_schema = reset
