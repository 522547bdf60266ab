def run(cur):
    cur.execute(
        """
        SELECT id, body FROM notes
        """
    )
