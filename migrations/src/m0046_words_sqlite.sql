-- SQLite cannot change a check: the text of the table is replaced, as in m0024.
pragma writable_schema = on
--
update sqlite_master set sql = replace(sql, '''consensus'',''named'',''show''', '''consensus'',''named'',''show'',''secret''')
  where type = 'table' and name = 'motions'
--
update sqlite_master set sql = replace(sql, '''regular'',''extraordinary''', '''regular'',''extraordinary'',''written''')
  where type = 'table' and name = 'meetings'
--
pragma writable_schema = reset
