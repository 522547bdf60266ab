def run(cur):
    cur.execute(
        """
        SELECT headline FROM notes
        """
    )
