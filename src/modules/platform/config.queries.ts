import { sql, type Insertable, type Selectable } from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { SystemConfig, SystemConfigHistory } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type SettingRow = Selectable<SystemConfig>

/** Everything that the town has chosen, by name. */
export function listSettingRows(tx: Tx, town: string): Promise<SettingRow[]> {
  return tx.selectFrom('system_config').selectAll().where('town_id', '=', town).orderBy('key').execute()
}

/** What the town has chosen for one setting, or undefined. */
export function findSettingRow(tx: Tx, town: string, key: string): Promise<SettingRow | undefined> {
  return tx
    .selectFrom('system_config')
    .selectAll()
    .where('town_id', '=', town)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** The same with its row locked. */
export function lockSettingRow(tx: Tx, town: string, key: string): Promise<SettingRow | undefined> {
  return tx
    .selectFrom('system_config')
    .selectAll()
    .where('town_id', '=', town)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirst()
}

/** Stores what the town chooses, in place of what it had chosen. */
export async function saveSettingRow(
  tx: Tx,
  row: Insertable<SystemConfig> & { version: number },
): Promise<void> {
  await tx
    .insertInto('system_config')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['town_id', 'key']).doUpdateSet({
        category: row.category,
        value_type: row.value_type,
        value: row.value,
        description: row.description ?? null,
        is_sensitive: row.is_sensitive ?? false,
        updated_by: row.updated_by,
        updated_at: row.updated_at,
        version: row.version,
      }),
    )
    .execute()
}

export async function deleteSettingRow(tx: Tx, town: string, key: string): Promise<void> {
  await tx.deleteFrom('system_config').where('town_id', '=', town).where('key', '=', key).execute()
}

export async function insertSettingChange(tx: Tx, row: Insertable<SystemConfigHistory>): Promise<void> {
  await tx.insertInto('system_config_history').values(row).execute()
}

/** Takes the values out of the history of a setting that has become sensitive. */
export async function hideSettingHistory(tx: Tx, town: string, key: string): Promise<void> {
  await tx
    .updateTable('system_config_history')
    .set({ old_value: null, new_value: null, is_sensitive: true })
    .where('town_id', '=', town)
    .where('key', '=', key)
    .execute()
}

/** The ids that the journal knows the setting by: it has another one after each reset. */
export async function listSettingIds(tx: Tx, town: string, key: string): Promise<string[]> {
  const result = await sql<{ id: string }>`
    select distinct entity_id as id from audit_log
    where town_id = ${town} and entity_kind = 'setting' and ${key} in (before ->> 'key', after ->> 'key')`.execute(
    tx,
  )
  return result.rows.map((row) => row.id)
}

export type SettingChangeRow = Selectable<SystemConfigHistory> & { at_key: string }

/** Changes of settings after a keyset, newest first. */
export function listSettingChanges(
  tx: Tx,
  town: string,
  page: { key: string | undefined; after: Keyset | undefined; limit: number },
): Promise<SettingChangeRow[]> {
  let query = tx
    .selectFrom('system_config_history as h')
    .selectAll('h')
    .select(cursorTime('h.at').as('at_key'))
    .where('h.town_id', '=', town)
  if (page.key !== undefined) query = query.where('h.key', '=', page.key)
  return query
    .where(beyond(['h.at', 'h.id'], 'desc', page.after))
    .orderBy('h.at', 'desc')
    .orderBy('h.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
