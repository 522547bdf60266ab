"""Ties notes to documents, and keeps whom they are shared with."""


class GoogleWorkspaceService:
    def __init__(self, connection):
        self.connection = connection

    def link(self, note_id, file, kind):
        with self.connection.cursor() as cur:
            cur.execute(
                """
                INSERT INTO google_workspace_links (note_id, link_type, file_id, file_name, file_url, last_modified)
                VALUES (%s, %s, %s, %s, %s, %s)
                ON CONFLICT (note_id, file_id)
                DO UPDATE SET file_name = EXCLUDED.file_name,
                              file_url = EXCLUDED.file_url,
                              last_modified = EXCLUDED.last_modified,
                              updated_at = now()
                """,
                (note_id, kind, file["id"], file["name"], file["webViewLink"], file["modifiedTime"]),
            )

    def share(self, file_id, email):
        with self.connection.cursor() as cur:
            cur.execute(
                "UPDATE google_workspace_links SET shared_with = array_append(shared_with, %s) WHERE file_id = %s",
                (email, file_id),
            )

    def unshare(self, file_id, email):
        with self.connection.cursor() as cur:
            cur.execute(
                "UPDATE google_workspace_links "
                "SET shared_with = array_remove(shared_with, %s) "
                "WHERE file_id = %s",
                (email, file_id),
            )
