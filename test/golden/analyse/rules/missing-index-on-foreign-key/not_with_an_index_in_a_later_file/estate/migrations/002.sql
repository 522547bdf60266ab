create index concurrently posts_user on posts using btree (user_id, id);
