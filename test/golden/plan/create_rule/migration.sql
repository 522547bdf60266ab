create rule nothing as on delete to golden.places do instead nothing;
