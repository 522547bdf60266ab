def run(cur):
    cur.execute(
        """
        INSERT INTO notes (id, title, body) VALUES (%s, %s, %s)
        """
    )
