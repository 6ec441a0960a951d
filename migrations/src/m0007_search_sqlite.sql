create table issue_texts (doc integer primary key autoincrement, issue_id UUID not null unique references issues(id), plain text not null)
--
create virtual table issue_grams using fts5(grams, content='', contentless_delete=1)
