merge into golden.parents v using golden.places p on v.id = p.id when matched then delete;
