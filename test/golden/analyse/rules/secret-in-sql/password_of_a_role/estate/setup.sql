create role app login password 'Tannenberg-4-Wolke';
