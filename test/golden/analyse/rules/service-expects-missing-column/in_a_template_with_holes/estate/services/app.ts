export const update = (db: { query(sql: string): void }, order: string) =>
  db.query(`UPDATE notes SET headline = $1 WHERE id = $2 RETURNING ${order}`)
