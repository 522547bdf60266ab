cluster golden.places using places_pkey;
