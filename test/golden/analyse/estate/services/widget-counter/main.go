package main

import (
	"context"
	"os"

	"github.com/jackc/pgx/v5"
)

const countUse = `
insert into widget_usage (widget_id, site_name, usage_count, last_used)
select id, $2, 1, now() from widgets where name = $1
on conflict (widget_id, site_name) do update
set usage_count = widget_usage.usage_count + 1, last_used = now()`

func main() {
	ctx := context.Background()
	db, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	defer db.Close(ctx)
	if _, err := db.Exec(ctx, countUse, os.Args[1], os.Args[2]); err != nil {
		panic(err)
	}
}
