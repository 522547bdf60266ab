def run(cur):
    cur.execute(
        """
        INSERT INTO notes (id, body) VALUES (%s, %s) ON CONFLICT (body) DO NOTHING
        """
    )
