def run(cur):
    cur.execute(
        """
        SELECT id, body, made_at FROM notes
        """
    )
