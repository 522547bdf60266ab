def run(cur):
    cur.execute(
        """
        SELECT id, headline FROM notes WHERE id = %s
        """
    )
