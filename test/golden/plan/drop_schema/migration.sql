drop schema golden cascade;
