import type { Pool } from 'pg'

type Mail = { id: string; subject: string; needs_response: boolean }

/** What deserves attention now, out of mails and tasks. */
export class AttentionManagementService {
  constructor(private readonly pool: Pool) {}

  async urgentMails(since: Date): Promise<Mail[]> {
    const { rows } = await this.pool.query<Mail>(
      `SELECT id, subject, body, from_vip, needs_response, received_at, tags
         FROM messages
        WHERE received_at > $1
          AND archived = false
          AND replied_to = false
          AND (from_vip OR needs_response)
        ORDER BY from_vip DESC, received_at DESC`,
      [since],
    )
    return rows
  }

  async archive(id: string) {
    await this.pool.query('UPDATE messages SET archived = true WHERE id = $1', [id])
  }

  async taskFromMail(mail: Mail, minutes: number) {
    await this.pool.query(
      `INSERT INTO tasks (title, linked_email_id, estimated_minutes, priority, status)
       VALUES ($1, $2, $3, 1, 'todo')`,
      [mail.subject, mail.id, minutes],
    )
  }

  async closeAnswered() {
    await this.pool.query(
      `UPDATE tasks t SET status = 'done', completed_at = now()
         FROM messages m
        WHERE m.id = t.linked_email_id AND m.replied_to`,
    )
  }
}
