-- robbieverse: no-transaction
vacuum full golden.places;
vacuum golden.parents;
