import type { Selectable } from 'kysely'

import type { AiNotifications, AiPersonalityInstances } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'

export type NotificationRow = Selectable<AiNotifications>
export type InterfaceRow = Selectable<AiPersonalityInstances>
type Key = { town: string; id: string }

/** A notification with its row locked, or undefined. */
export function lockNotification(tx: Tx, key: Key): Promise<NotificationRow | undefined> {
  return tx
    .selectFrom('ai_notifications')
    .selectAll()
    .where('town_id', '=', key.town)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
}

/** Says of a locked notification, and of everything that was delivered of it, that it is acknowledged. */
export async function acknowledgeEverywhere(
  tx: Tx,
  row: NotificationRow,
  { userId, now }: { userId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('ai_notifications')
    .set({
      is_acknowledged: true,
      acknowledged_at: now,
      acknowledged_by: userId,
      version: row.version + 1,
      updated_at: now,
    })
    .where('town_id', '=', row.town_id)
    .where('id', '=', row.id)
    .execute()
  await tx
    .updateTable('ai_notification_delivery')
    .set((eb) => ({
      is_acknowledged: true,
      acknowledged_at: now,
      version: eb('version', '+', 1),
      updated_at: now,
    }))
    .where('town_id', '=', row.town_id)
    .where('notification_id', '=', row.id)
    .where('is_acknowledged', '=', false)
    .execute()
}

/** Keeps where a notification was acknowledged, and with which words. */
export async function saveResponse(
  tx: Tx,
  row: NotificationRow,
  answer: { interface: string; interfaceId: string; response: string | null; userId: string; now: Date },
): Promise<void> {
  const { now, response } = answer
  await tx
    .insertInto('ai_notification_delivery')
    .values({
      town_id: row.town_id,
      id: newId(),
      notification_id: row.id,
      interface: answer.interface,
      interface_id: answer.interfaceId,
      delivered_at: now,
      is_acknowledged: true,
      acknowledged_at: now,
      response,
      privacy: row.privacy,
      created_by: answer.userId,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['town_id', 'notification_id', 'interface', 'interface_id']).doUpdateSet({ response }),
    )
    .execute()
}

/** A connected interface with its row locked, or undefined. */
export function lockInterface(tx: Tx, key: Key): Promise<InterfaceRow | undefined> {
  return tx
    .selectFrom('ai_personality_instances')
    .selectAll()
    .where('town_id', '=', key.town)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
}

/** Says that an interface is still there; a new status is a new version. */
export async function touchInterface(
  tx: Tx,
  row: InterfaceRow,
  { status, now }: { status: InterfaceRow['status']; now: Date },
): Promise<void> {
  const isChanged = status !== row.status
  await tx
    .updateTable('ai_personality_instances')
    .set({
      status,
      started_at: row.started_at ?? now,
      last_active_at: now,
      ...(isChanged ? { version: row.version + 1, updated_at: now } : {}),
    })
    .where('town_id', '=', row.town_id)
    .where('id', '=', row.id)
    .execute()
}
