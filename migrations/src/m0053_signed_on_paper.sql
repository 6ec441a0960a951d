-- Signed on paper: the scan, whose name stands under it, and who entered it. signed_by stays empty: nobody signed here.
alter table undertakings add column scan_id UUID references scans(id)
--
alter table undertakings add column paper_name text
--
alter table undertakings add column paper_by UUID references persons(id)
