import type { Selectable } from 'kysely'

import type { AiNotifications, AiPersonalityInstances } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'

export type NotificationRow = Selectable<AiNotifications>
export type InterfaceRow = Selectable<AiPersonalityInstances>
type Key = { town: string; id: string }

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

/** The id of what was delivered of a notification to one interface, with its row locked; undefined where nothing was. */
export async function lockDelivery(
  tx: Tx,
  { town, id }: Key,
  at: { interface: string; interfaceId: string },
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('ai_notification_delivery')
    .select('id')
    .where('town_id', '=', town)
    .where('notification_id', '=', id)
    .where('interface', '=', at.interface)
    .where('interface_id', '=', at.interfaceId)
    .forUpdate()
    .executeTakeFirst()
  return row?.id
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
