create table lift_studies (
  item_id UUID primary key references agenda_items(id), morning text not null, remedies text not null, source text not null,
  chosen text check (chosen in ('as_is','stagger_15','stagger_30','stagger_60','clocks','floors','goods')),
  made_by UUID references persons(id), made_at INSTANT not null, version integer not null)
