import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })

/** The last talks of a user, each with its messages. */
export async function listConversations(userId: string, limit = 10) {
  const { rows } = await pool.query(
    `SELECT c.id, c.title, c.status, c.last_message_at, c.message_count,
            m.role, m.content, m.created_at
       FROM conversations c
       JOIN messages m ON m.conversation_id = c.id
      WHERE c.user_id = $1
      ORDER BY c.last_message_at DESC, m.created_at
      LIMIT $2`,
    [userId, limit],
  )
  return rows
}

export async function listNotes(category: string) {
  const { rows } = await pool.query(
    'SELECT id, content, category, surface_priority FROM sticky_notes WHERE category = $1 ORDER BY surface_priority DESC',
    [category],
  )
  return rows
}

export async function listTasks(status: string) {
  const sql = `
    select id, title, status, priority, due_date
    from tasks
    where status = $1
    order by due_date nulls last`
  return (await pool.query(sql, [status])).rows
}

export async function listDeals(stage: string) {
  return (
    await pool.query('SELECT id, name, stage, amount_cents, currency FROM deals WHERE stage = $1 AND NOT is_closed', [
      stage,
    ])
  ).rows
}

export async function readState(userId: string) {
  const { rows } = await pool.query(
    `SELECT flirt_mode, gandhi_genghis_level, current_mood FROM personality_settings WHERE user_id = $1`,
    [userId],
  )
  return rows[0] ?? null
}

const SLIDERS = { flirt: 'flirt_mode', gandhi: 'gandhi_genghis_level' } as const

export async function writeSlider(userId: string, slider: keyof typeof SLIDERS, value: number) {
  await pool.query(
    `INSERT INTO personality_settings (user_id, ${SLIDERS[slider]}) VALUES ($1, $2)
     ON CONFLICT (user_id) DO UPDATE SET ${SLIDERS[slider]} = excluded.${SLIDERS[slider]}, updated_at = now()`,
    [userId, value],
  )
}

export const help = 'Select a tool from the list, update it, or delete what you no longer want.'
