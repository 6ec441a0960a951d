-- SQLite cannot change a check: the text of the table is replaced, as in m0024.
pragma writable_schema = on
--
update sqlite_master set sql = replace(sql, '''confirmation'',''meeting''', '''confirmation'',''meeting'',''report''')
  where type = 'table' and name = 'reminders'
--
pragma writable_schema = reset
