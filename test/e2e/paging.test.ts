import { expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Input, TestDoor, Value } from './door.ts'
import { openMcpHttp } from './mcp-client.ts'
import { addPerson, giveKey } from './people.ts'
import { proves } from './proves.ts'
import { useStage } from './stage.ts'

/** All items of a list, page by page; `between` runs before each further page. */
async function readAll(
  door: TestDoor,
  operation: string,
  input: Input,
  between: () => Promise<void> = async () => undefined,
): Promise<Value[]> {
  const items: Value[] = []
  let cursor: string | undefined
  for (;;) {
    const page = await door.call(operation, { ...input, ...(cursor ? { cursor } : {}) })
    expect(Object.keys(page).toSorted()).toEqual(['items', 'nextCursor'])
    expect(page.items.length).toBeLessThanOrEqual(input['limit'] as number)
    items.push(...page.items)
    if (page.nextCursor === null) return items
    expect(page.items).toHaveLength(input['limit'] as number)
    cursor = page.nextCursor
    await between()
  }
}

const idsOf = (items: Value[]) => items.map((item) => item.id ?? item.userId)

// Microseconds, which a JavaScript date would round: a cursor that lost them would skip or repeat rows.
const TIED = '2021-03-04 05:06:07.123456+00'

eachBackend((backend) => {
  const stage = useStage(backend)

  proves('list.shape', 'pages every list completely and without doubles, on tied timestamps', async () => {
    const { app, townId, owner } = stage()
    const http = stage().http()
    for (let n = 0; n < 9; n++) {
      await http.call('persona.create', { slug: `paged-${n}`, name: 'Paged', shortDescription: 'Any.' })
      await http.call('persona.mood', { slug: `paged-${n}`, mood: 'playful' })
      await http.call('conversation.create', { personality: 'robbie-f' })
      await http.call('memory.remember', { content: `Paged ${n}.` })
      await http.call('town.create', { slug: `paged-${n}`, name: 'Paged' })
      await addPerson(http, { name: `Paged${n}`, role: 'user', townId })
      await giveKey(app.query, owner)
    }
    const columns = [
      'persona.personalities created_at',
      'persona.mood_events at',
      'conversation.conversations updated_at',
      'memory.ai_memories created_at',
      'town.towns created_at',
      'identity.town_members created_at',
      'identity.api_keys created_at',
    ]
    for (const column of columns) {
      const [table, name] = column.split(' ')
      await app.query(`update ${table} set ${name} = '${TIED}'`)
    }
    const lists = [
      'persona.list',
      'persona.mood_events',
      'conversation.list',
      'memory.list',
      'town.list',
      'identity.members',
      'identity.keys.list',
    ]
    const mcp = await openMcpHttp(app.address, owner.key)
    for (const operation of lists) {
      const whole = await http.call(operation, { limit: 100 })
      expect(whole.nextCursor, operation).toBeNull()
      expect(whole.items.length, operation).toBeGreaterThanOrEqual(9)
      for (const limit of [1, 4, whole.items.length]) {
        const paged = await readAll(limit === 4 ? mcp : http, operation, { limit })
        expect(idsOf(paged), `${operation} by ${limit}`).toEqual(idsOf(whole.items))
      }
    }
    await mcp.close()
    // A cursor leads on in the list that gave it out and in no other.
    const cursors = new Map<string, string>()
    for (const list of lists) cursors.set(list, (await http.call(list, { limit: 1 })).nextCursor)
    for (const list of lists) {
      for (const [from, cursor] of cursors) {
        if (from === list) await http.call(list, { limit: 2, cursor })
        else await http.refuse(list, { cursor }, 'INVALID_CURSOR')
      }
    }
  })

  it('takes no cursor of another conversation', async () => {
    const http = stage().http()
    const begin = async () => {
      const { id } = await http.call('conversation.create', { personality: 'robbie-f' })
      await http.call('conversation.send', { id, content: 'Hello.' })
      return id as string
    }
    const [one, two] = [await begin(), await begin()]
    const { nextCursor: cursor } = await http.call('conversation.messages', { id: one, limit: 1 })
    expect((await http.call('conversation.messages', { id: one, cursor })).items).toHaveLength(1)
    await http.refuse('conversation.messages', { id: two, cursor }, 'INVALID_CURSOR')
  })

  proves('list.ties', 'loses and doubles nothing while others insert at the same instant', async () => {
    const http = stage().http()
    const { id } = await http.call('conversation.create', { personality: 'robbie-f' })
    const at = '2021-03-04T05:06:07Z'
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => ({
        externalId: `m${from + n}`,
        role: 'user',
        at,
        content: `${from + n}`,
      }))
    await http.call('conversation.append', { id, messages: batch(0, 60) })
    const before = idsOf(await readAll(http, 'conversation.messages', { id, limit: 100 }))
    let next = 60
    const insert = async () => {
      next += 10
      await Promise.all([
        http.call('conversation.append', { id, messages: batch(next, 5) }),
        http.call('conversation.append', { id, messages: batch(next + 5, 5) }),
      ])
    }
    // Ends although more comes all the time: new rows are after the cursor only until the writer stops.
    let writes = 0
    const during = idsOf(
      await readAll(http, 'conversation.messages', { id, limit: 7 }, async () => {
        if (writes++ < 8) await insert()
      }),
    )
    expect(new Set(during).size).toBe(during.length)
    expect(during.filter((message) => before.includes(message))).toEqual(before)
    const after = idsOf(await readAll(http, 'conversation.messages', { id, limit: 100 }))
    expect(during.toSorted()).toEqual(after.toSorted())
  })

  it('lists newest first without doubles while newer ones appear', async () => {
    const http = stage().http()
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        http.call('memory.remember', { content: `Listed ${n}.`, category: 'skill' }),
      ),
    )
    await stage().app.query(`update memory.ai_memories set created_at = '${TIED}' where category = 'skill'`)
    const during = await readAll(http, 'memory.list', { category: 'skill', limit: 3 }, async () => {
      await http.call('memory.remember', { content: 'Newer.', category: 'skill' })
    })
    expect(new Set(idsOf(during)).size).toBe(during.length)
    expect(idsOf(during).toSorted()).toEqual(idsOf(made).toSorted())
  })

  it('gives each list its own cursors and refuses what is none', async () => {
    const http = stage().http()
    const encode = (text: string) => Buffer.from(text).toString('base64url')
    const id = '01890000-0000-7000-8000-000000000000'
    const forged = [
      'x',
      '%',
      encode('2021-03-04 05:06:07+00'),
      encode(`2021-03-04 05:06:07+00|${id}|more`),
      encode(`2021-02-30 05:06:07+00|${id}`),
      encode(`0000-03-04 05:06:07+00|${id}`),
      encode(`2021-13-04 05:06:07+00|${id}`),
      encode(`2021-03-04 25:06:07+00|${id}`),
      encode(`2021-03-04 24:00:00+00|${id}`),
      encode(`999999-03-04 05:06:07+00|${id}`),
      encode(`infinity|${id}`),
      encode(`2021-03-04 05:06:07+00|${id}'--`),
      encode('\u0000|\u0000'),
    ]
    for (const cursor of forged) {
      for (const operation of ['memory.list', 'persona.list', 'persona.mood_events', 'identity.keys.list']) {
        const reply = await http.ask(operation, { cursor })
        // A cursor that means an instant may be used; it must not reach the database as anything else.
        if (!reply.ok)
          expect(reply.problem, Buffer.from(cursor, 'base64url').toString()).toMatchObject({
            code: 'INVALID_CURSOR',
            status: 400,
          })
      }
    }
  })
})
