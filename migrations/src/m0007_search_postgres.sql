create table issue_texts (doc SERIAL, issue_id UUID not null unique references issues(id), plain text not null, grams tsvector not null)
--
create index issue_texts_grams on issue_texts using gin(grams)
