create function total_of(account) returns numeric language sql as 'select $1.total';
