import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { at, latest, type Part } from './world.ts'

const KINDS = {
  mails: { table: 'gmail_messages', more: () => ({}) },
  events: { table: 'google_calendar_events', more: () => ({ calendarExternalId: 'main' }) },
  files: { table: 'drive_files', more: () => ({ name: 'Some file' }) },
  tasks: { table: 'google_tasks', more: () => ({ taskListExternalId: 'main' }) },
  contacts: { table: 'google_contacts', more: () => ({}) },
} as const

type Kind = keyof typeof KINDS

/** What differs between one mirrored thing and another, as far as it is counted. */
function statesOf(kind: Kind, n: number): Value {
  if (kind === 'mails') return { isUnread: n % 2 === 0 }
  if (kind === 'events') return { status: at(['confirmed', 'cancelled', 'tentative'], n) }
  if (kind === 'files') return { isTrashed: n % 3 === 0 }
  return kind === 'tasks' ? { status: at(['needsAction', 'completed'], n) } : {}
}

/** How much of a Google account is mirrored. */
export const google: Part = {
  async prepare(world) {
    for (const [kind, person] of [
      ['member account', world.town.member],
      ['owner account', world.town.owner],
    ] as const) {
      const { id } = await world.owner('google.accounts.create', {
        email: `${person.userId}@example.com`,
        userId: person.userId,
      })
      world.know(kind, id)
    }
  },
  refusals: ['GOOGLE_ACCOUNT_FOREIGN'],
  steps: {
    async mirror(die, call, world) {
      const kind = at(Object.keys(KINDS) as Kind[], die.a)
      const items = [0, 1, 2].map((n) => ({
        ...KINDS[kind].more(),
        ...statesOf(kind, die.b + n),
        ...(kind === 'mails' ? { receivedAt: world.before(die) } : {}),
        googleUserId: world.some(at(['member account', 'owner account'], die.caller), 0),
        externalId: `${kind} ${(die.c + n) % 60}`,
      }))
      const { ids } = await call(`google.${kind}.upsert`, { items })
      world.know(`google ${kind}`, ...(Object.values(ids) as string[]))
    },
    remove({ a, b }, call, world) {
      const kind = at(Object.keys(KINDS) as Kind[], a)
      return call(`google.${kind}.delete`, { id: world.some(`google ${kind}`, b) })
    },
  },
  async compare(_, viewer) {
    const rows: Record<string, Value[]> = {}
    for (const [kind, { table }] of Object.entries(KINDS)) rows[kind] = await viewer.rows(`google.${table}`)
    const shown = await viewer.view('select * from google_user_activity_summary')
    expect(shown.length).toBe(viewer.name === 'guest' ? 0 : 2)
    for (const summary of shown) {
      const of = (kind: Kind) => rows[kind]!.filter((row) => row.google_user_id === summary.google_user_id)
      expect(summary, viewer.name).toMatchObject({
        mail_count: of('mails').length,
        unread_mail_count: of('mails').filter((row) => row.is_unread).length,
        event_count: of('events').filter((row) => row.status !== 'cancelled').length,
        file_count: of('files').filter((row) => !row.is_trashed && row.removed_reason === null).length,
        open_task_count: of('tasks').filter((row) => row.status !== 'completed').length,
        contact_count: of('contacts').length,
      })
      const last = latest(of('mails').map((row) => row.received_at))
      expect(summary.last_mail_at?.toISOString() ?? null).toBe(last)
    }
  },
}
