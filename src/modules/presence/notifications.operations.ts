import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { idInput, textInput, timeOutput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { changeRow, createRow, getLockedRow } from '../kit/index.ts'
import {
  acknowledgeEverywhere,
  lockDelivery,
  touchInterface,
  type InterfaceRow,
  type NotificationRow,
} from './notifications.queries.ts'
import { interfaces } from './interfaces.ts'
import { deliveries, notifications } from './notifications.ts'

const acknowledge = defineOperation({
  id: 'presence.notifications.acknowledge',
  kind: 'command',
  access: 'user',
  summary: 'Acknowledges a notification: it is gone from every interface. Doing it twice is fine.',
  http: 'POST /v1/notifications/{id}/acknowledge',
  input: z.strictObject({
    id: idInput,
    interface: textInput(50).optional().describe('Kind of interface it is done in.'),
    interfaceId: textInput(200).default('default').describe('Which one of its kind.'),
    response: textInput(2_000)
      .optional()
      .describe(
        'What you answer to it; kept where an interface is named. Left out, an answer that stands there stays.',
      ),
  }),
  output: z.object({
    id: z.uuid(),
    acknowledgedAt: timeOutput,
    acknowledgedBy: z.uuid(),
    wasAcknowledged: z.boolean().describe('Whether somebody had done it before: then nothing is changed.'),
  }),
  run: async (ctx, input) => {
    const row = (await getLockedRow(ctx, notifications, input.id)) as NotificationRow
    if (row.is_acknowledged) {
      return {
        id: row.id,
        acknowledgedAt: row.acknowledged_at!,
        acknowledgedBy: row.acknowledged_by!,
        wasAcknowledged: true,
      }
    }
    const now = ctx.clock.now()
    const { userId } = ctx.actor
    const from = input.interface ?? ctx.interface
    if (from !== null) {
      await saveAnswer(ctx, row, {
        interface: from,
        interfaceId: input.interfaceId,
        response: input.response,
      })
    }
    await acknowledgeEverywhere(ctx.tx, row, { userId, now })
    await record(ctx, {
      kind: 'notification.acknowledged',
      entityKind: 'notification',
      entityId: row.id,
      personalityId: row.personality_id,
      privacy: row.privacy,
      payload: { version: row.version + 1, interface: from },
      before: { isAcknowledged: false },
      after: { isAcknowledged: true },
    })
    return { id: row.id, acknowledgedAt: now, acknowledgedBy: userId, wasAcknowledged: false }
  },
})

/** Keeps where a notification was acknowledged, and with which words; without any, those that stand there stay. */
async function saveAnswer(
  ctx: Ctx,
  notification: NotificationRow,
  answer: { interface: string; interfaceId: string; response: string | undefined },
): Promise<void> {
  const now = ctx.clock.now().toISOString()
  const { response } = answer
  const values = {
    is_acknowledged: true,
    acknowledged_at: now,
    ...(response === undefined ? {} : { response }),
  }
  const standing = await lockDelivery(ctx.tx, { town: ctx.town, id: notification.id }, answer)
  const privacy = undefined
  if (standing !== undefined) {
    await changeRow(ctx, deliveries, { id: standing, version: undefined, values, privacy })
    return
  }
  const place = {
    notification_id: notification.id,
    interface: answer.interface,
    interface_id: answer.interfaceId,
    delivered_at: now,
  }
  await createRow(ctx, deliveries, { values: { ...place, ...values }, privacy })
}

const heartbeat = defineOperation({
  id: 'presence.interfaces.heartbeat',
  kind: 'command',
  access: 'user',
  summary: 'Says that an interface is still there; only a new status is an event.',
  http: 'POST /v1/interfaces/{id}/heartbeat',
  input: z.strictObject({
    id: idInput,
    status: z.enum(['active', 'idle', 'disconnected']).default('active'),
  }),
  output: z.object({
    id: z.uuid(),
    status: z.enum(['active', 'idle', 'disconnected']),
    lastActiveAt: timeOutput,
  }),
  run: async (ctx, { id, status }) => {
    const row = (await getLockedRow(ctx, interfaces, id)) as InterfaceRow
    const now = ctx.clock.now()
    await touchInterface(ctx.tx, row, { status, now })
    if (status !== row.status) {
      await record(ctx, {
        kind: 'interface.updated',
        entityKind: 'interface',
        entityId: id,
        personalityId: row.personality_id,
        privacy: row.privacy,
        payload: { version: row.version + 1, status, interface: row.interface },
        before: { status: row.status },
        after: { status },
      })
    }
    return { id, status, lastActiveAt: now }
  },
})

export const notificationOperations: readonly AnyOperation[] = [acknowledge, heartbeat]
