comment on schema platform is 'The installation itself.';
