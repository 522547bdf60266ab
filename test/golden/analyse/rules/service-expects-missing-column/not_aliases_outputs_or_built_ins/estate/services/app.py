def run(cur):
    cur.execute(
        """
        SELECT n.id, upper(n.body) AS loud, count(*) OVER () AS total, excluded_at FROM notes n CROSS JOIN LATERAL (SELECT now() AS excluded_at) x WHERE n.ctid IS NOT NULL ORDER BY loud, total
        """
    )
