def run(cur):
    cur.execute(
        """
        INSERT INTO notes (id, body) VALUES (%s, %s) ON CONFLICT DO NOTHING
        """
    )
