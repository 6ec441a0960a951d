-- Which clean-up was done in which night, by whoever came first.
create table cleanups (
  night text not null, what text not null check (what in ('contact','photos','sessions','limits','subscriptions','letters')),
  n bigint not null, at INSTANT not null, primary key (night, what))
