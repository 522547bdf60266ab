create user app with password 'changeme';
