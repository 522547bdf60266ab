create type account_kind as enum ('private', 'firm');
