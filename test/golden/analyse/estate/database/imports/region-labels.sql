-- Regions as the old server wrote them.
create table if not exists region_labels (
    region varchar(10) primary key,
    label varchar(80) not null
);

insert into region_labels (region, label) values
    ('CA-QC', 'Montréal'),
    ('BR-SP', 'São Paulo'),
    ('DE-BY', 'München');
