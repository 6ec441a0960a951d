alter table motions drop constraint motions_method_check
--
alter table motions add constraint motions_method_check check (method in ('consensus','named','show','secret'))
--
alter table meetings drop constraint meetings_kind_check
--
alter table meetings add constraint meetings_kind_check check (kind in ('regular','extraordinary','written'))
