import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { hasVerb, ResourceMaker, resources } from '../../../test/support/resource-maker.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { factsOfColumn } from '../../db/column-facts.ts'
import type { ResourceFacts } from '../../db/module.ts'
import { newId } from '../../kernel/ids.ts'
import { toFieldName } from './index.ts'

/** What a caller wrote, as it comes back: instants in UTC. */
const written = (input: Record<string, unknown>) => expect.objectContaining(input)

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  /** A program of the member, made for one personality. */
  let agent: Person & { personalityId: string }
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    abroad = await foundTown(test, { slug: 'abroad' })
    const limited = { name: 'agent', personalities: ['kristina'] }
    const { id: keyId, key } = await as(town.member)('identity.keys.create', limited)
    const { id: personalityId } = await as(town.member)('persona.get', { slug: 'kristina' })
    agent = { ...town.member, keyId, key, personalityId }
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const make = (person = town.owner) => new ResourceMaker(as(person), person, test.query, as(town.owner))
  /** Who may write things of the kind, and is no admin where nobody need be. */
  const writerOf = ({ writers }: ResourceFacts) => (writers === 'admin' ? town.owner : town.member)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const journalOf = (id: string) =>
    test.query<Value>(
      `select e.kind, e.privacy, a.before, a.after from journal.events e
       join journal.audit_log a on a.town_id = e.town_id and a.id = e.id where e.entity_id = $1 order by e.seq`,
      [id],
    )

  it('stores each thing once when many write the same at the same time', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `racing ${n}`)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const some = names.map((_name, index) => names[(index * 7 + n * 11) % names.length]!)
        const items = some.map((name) => ({ externalId: name, name }))
        return as(town.owner)('crm.companies.upsert', { items })
      }),
    )
    const sum = (field: string) => answers.reduce((total, answer) => total + answer[field], 0)
    expect([sum('created'), sum('updated'), sum('unchanged')]).toEqual([40, 0, 280])
    for (const { ids } of answers) expect(ids).toEqual(answers[0].ids)
  })

  const canMake = (resource: ResourceFacts) => hasVerb(resource, 'create') || hasVerb(resource, 'upsert')
  const made = resources.filter(canMake).map((resource) => [resource.id, resource] as const)

  describe.each(made)('%s', (_, resource) => {
    const of = (verb: string) => `${resource.id}.${verb}`

    if (hasVerb(resource, 'create'))
      it('keeps every field as it was written', async () => {
        const input = await make().input(resource)
        const made = await as(town.owner)(of('create'), input)
        expect(made).toEqual(written(input))
        expect(made).toMatchObject({ version: 1, createdBy: town.owner.userId })
        if (hasVerb(resource, 'get')) expect(await as(town.owner)(of('get'), { id: made.id })).toEqual(made)
        expect(await journalOf(made.id)).toMatchObject([
          { kind: `${resource.thing}.created`, privacy: made.privacy, before: null },
        ])
      })

    if (hasVerb(resource, 'create'))
      it('takes what must be given alone, and refuses less', async () => {
        const input = await make().input(resource, 'required')
        expect(await codeOf(as(town.owner)(of('create'), input))).toBe('success')
        for (const name of Object.keys(input)) {
          const { [name]: _left, ...rest } = input
          expect(await codeOf(as(town.owner)(of('create'), rest)), name).toBe('INVALID_INPUT')
        }
      })

    if (hasVerb(resource, 'create'))
      it('is nothing for guests to make, and nothing of another town', async () => {
        const input = await make().input(resource, 'required')
        expect(await codeOf(as(town.guest)(of('create'), input))).toBe('FORBIDDEN')
        const { id } = await make().make(resource)
        for (const verb of ['get', 'update', 'delete'].filter((each) => hasVerb(resource, each))) {
          expect(await codeOf(as(abroad.owner)(of(verb), { id })), verb).toBe('RESOURCE_NOT_FOUND')
          expect(await codeOf(as(town.owner)(of(verb), { id: newId() })), verb).toBe('RESOURCE_NOT_FOUND')
        }
        const references = resource.fields.filter(
          (column) => factsOfColumn(resource.table, column).references,
        )
        for (const column of references) {
          const foreign = { ...input, [toFieldName(column)]: newId() }
          expect(await codeOf(as(town.owner)(of('create'), foreign)), column).toBe('REFERENCE_NOT_FOUND')
        }
      })

    if (hasVerb(resource, 'create') && resource.fields.includes('personality_id'))
      it('is nothing to a key that is made for another personality', async () => {
        const made = await make().make(resource, 'all')
        const personalities = await test.query<Value>('select id, slug from persona.personalities')
        const { slug } = personalities.find(({ id }) => id === made.personalityId)
        const keyFor = async (name: string) => {
          const { key } = await as(town.owner)('identity.keys.create', { name, personalities: [name] })
          return as({ ...town.owner, key })
        }
        const own = await keyFor(slug)
        expect(await own(of('get'), { id: made.id })).toEqual(made)
        const other = await keyFor(slug === 'kristina' ? 'gatekeeper' : 'kristina')
        const { items } = await other(of('list'), { limit: 100 })
        expect(items.filter((item: Value) => item.id === made.id)).toEqual([])
        for (const verb of ['get', 'update', 'delete'].filter((each) => hasVerb(resource, each))) {
          expect(await codeOf(other(of(verb), { id: made.id })), verb).toBe('RESOURCE_NOT_FOUND')
        }
        expect(await codeOf(other(of('create'), await make().input(resource)))).toBe('REFERENCE_NOT_FOUND')
      })

    if (resource.parent === null)
      it('shows a row to those its privacy names, and to nobody else', async () => {
        const { owner, member, other, guest } = town
        const people = Object.entries({ owner, member, agent, other, guest })
        const { values: levels } = factsOfColumn(resource.table, 'privacy')
        const expectSeen = async (privacy: string, maker: Person, expected: string[]) => {
          if (!levels!.includes(privacy)) return
          const row = await make(maker).make(resource, 'required', { privacy })
          const names = await Promise.all(
            people.map(async ([name, person]) => {
              const { items } = await as(person)(of('list'), { limit: 100 })
              return items.some((item: Value) => item.id === row.id) ? name : null
            }),
          )
          const isAgents = [undefined, null, agent.personalityId].includes(row.personalityId)
          const those = expected.filter((name) => name !== 'agent' || isAgents)
          expect(
            names.filter((name) => name !== null),
            privacy,
          ).toEqual(those)
        }
        const writer = writerOf(resource)
        await expectSeen('public', writer, ['owner', 'member', 'agent', 'other', 'guest'])
        await expectSeen('team', writer, ['owner', 'member', 'agent', 'other'])
        await expectSeen('private', writer, writer === owner ? ['owner'] : ['member', 'agent'])
        await expectSeen('boss_only', owner, ['owner'])
      })

    if (hasVerb(resource, 'list') && hasVerb(resource, 'create'))
      it('lists page by page in each order, and narrows by each filter', async () => {
        for (let n = 0; n < 5; n += 1) await make().make(resource, n % 2 ? 'all' : 'required')
        const all = await as(town.owner)(of('list'), { limit: 100 })
        for (const sort of sortsOf(resource)) {
          const whole = await as(town.owner)(of('list'), { limit: 100, sort })
          const ids: string[] = []
          let cursor: string | null = null
          do {
            const page: Value = await as(town.owner)(of('list'), {
              limit: 2,
              sort,
              ...(cursor ? { cursor } : {}),
            })
            ids.push(...page.items.map((item: Value) => item.id))
            cursor = page.nextCursor
          } while (cursor !== null)
          expect(ids, sort).toEqual(whole.items.map((item: Value) => item.id))
          expect(new Set(ids).size, sort).toBe(all.items.length)
        }
        for (const column of resource.filters) await narrows(resource, column, all.items)
      })

    async function narrows({ table }: ResourceFacts, column: string, items: Value[]) {
      const isList = factsOfColumn(table, column).type.endsWith('[]')
      const field = toFieldName(column)
      const filter = isList ? field.replace(/s$/, '') : field
      const value = items
        .map((item) => (isList ? item[field][0] : item[field]))
        .find((each) => each !== null && each !== undefined)
      if (value === undefined) return
      const fits = (item: Value) => (isList ? item[field].includes(value) : item[field] === value)
      const narrowed = await as(town.owner)(of('list'), { limit: 100, [filter]: value })
      expect(
        narrowed.items.map((item: Value) => item.id),
        filter,
      ).toEqual(items.filter(fits).map((item) => item.id))
    }

    if (hasVerb(resource, 'update'))
      it('changes what is given, once for each version', async () => {
        const made = await make().make(resource)
        const input = await make().input(resource)
        const changed = await as(town.owner)(of('update'), { id: made.id, version: 1, ...input })
        expect(changed).toEqual(written({ ...input, id: made.id, version: 2, createdAt: made.createdAt }))
        const again = as(town.owner)(of('update'), { id: made.id, version: 1, ...input })
        expect(await codeOf(again)).toBe('RESOURCE_VERSION_STALE')
        expect((await journalOf(made.id)).map((row) => row.kind)).toEqual([
          `${resource.thing}.created`,
          `${resource.thing}.updated`,
        ])
      })

    if (hasVerb(resource, 'update') && resource.parent === null && resource.writers !== 'admin')
      it('takes what was derived from a row along when it becomes private', async () => {
        const { id } = await make(town.member).make(resource, 'all', { privacy: 'team' })
        expect(await codeOf(as(town.owner)(of('update'), { id, privacy: 'private' }))).toBe(
          'RESOURCE_PRIVACY_OWNER',
        )
        // What somebody else did with it does not keep it theirs.
        await as(town.owner)(of('update'), { id })
        await as(town.member)(of('update'), { id, privacy: 'private' })
        expect(await codeOf(as(town.owner)(of('update'), { id }))).toBe('RESOURCE_NOT_FOUND')
        expect((await journalOf(id)).map((row) => row.privacy)).toEqual(['private', 'private', 'private'])
        const entries = await test.query<Value>(
          'select privacy from search.search_index where source_id = $1',
          [id],
        )
        expect(entries.every((entry) => entry.privacy === 'private')).toBe(true)
      })

    const whole = wholeOf(resource)
    if (whole && hasVerb(resource, 'create'))
      it('is as private as what it is part of, also when that changes', async () => {
        const { id } = await make(town.member).make(whole!, 'required', { privacy: 'team' })
        const itsWhole = { [toFieldName(resource.parent!)]: id }
        const parts = [
          await make(town.member).make(resource, 'required', itsWhole),
          await make(town.other).make(resource, 'required', itsWhole),
        ]
        const setPrivacy = (privacy: string) => as(town.member)(`${whole!.id}.update`, { id, privacy })
        for (const privacy of ['private', 'public', 'team']) {
          await setPrivacy(privacy)
          for (const part of parts) {
            expect(await as(town.member)(of('get'), { id: part.id })).toMatchObject({ privacy })
            const seen = await codeOf(as(town.other)(of('get'), { id: part.id }))
            expect(seen, privacy).toBe(privacy === 'private' ? 'RESOURCE_NOT_FOUND' : 'success')
            // What was private once stays so in the journal.
            expect((await journalOf(part.id)).map((row) => row.privacy)).toEqual(['private'])
          }
        }
      })

    if (hasVerb(resource, 'upsert'))
      it('stores many by external id, and the same again changes nothing', async () => {
        const items: Value[] = await Promise.all(
          [1, 2, 3].map(async (n) => ({
            ...(await make().input(resource)),
            externalId: `${resource.id}:${n}`,
          })),
        )
        const first = await as(town.owner)(of('upsert'), { items })
        expect(first).toMatchObject({ created: 3, updated: 0, unchanged: 0 })
        expect(await as(town.owner)(of('upsert'), { items })).toEqual({ ...first, created: 0, unchanged: 3 })
        const other = await make().input(resource)
        const kept = Object.fromEntries(
          resource.within.map(toFieldName).map((name) => [name, items[0]![name]]),
        )
        const changed = { ...items[0], ...other, ...kept, externalId: items[0]!.externalId }
        const second = await as(town.owner)(of('upsert'), { items: [changed, ...items.slice(1)] })
        expect(second).toMatchObject({ created: 0, updated: 1, unchanged: 2, ids: first.ids })
        const twice = as(town.owner)(of('upsert'), { items: [items[0], items[0]] })
        expect(await codeOf(twice)).toBe('INVALID_INPUT')
        const hiding = async () => ({ ...(await make().input(resource)), ...kept, externalId: 'hidden' })
        const hiddenItem = await hiding()
        await as(town.owner)(of('upsert'), { items: [hiddenItem] })
        const schema = resource.id.split('.')[0]
        await test.query(
          `update ${schema}.${resource.table} set privacy = 'private', created_by = $1 where external_id = 'hidden'`,
          [town.member.userId],
        )
        // Whether what is sent is like what is hidden, nobody learns.
        for (const item of [await hiding(), hiddenItem]) {
          const hidden = as(town.owner)(of('upsert'), { items: [item] })
          expect(await codeOf(hidden)).toBe('RESOURCE_EXTERNAL_ID_TAKEN')
        }
      })

    if (hasVerb(resource, 'upsert') && resource.parent === null)
      it('has the privacy that an upsert names, and keeps it where it names none', async () => {
        const input = { ...(await make().input(resource)), externalId: `${resource.id}:privacy` }
        const upsert = (more: Value) => as(town.owner)(of('upsert'), { items: [{ ...input, ...more }] })
        const { ids } = await upsert({ privacy: 'team' })
        const [id] = Object.values(ids) as string[]
        expect(await upsert({})).toMatchObject({ unchanged: 1 })
        expect(await upsert({ privacy: 'public' })).toMatchObject({ updated: 1 })
        expect(await upsert({})).toMatchObject({ unchanged: 1 })
        expect(await as(town.guest)(of('list'), { limit: 100 })).toMatchObject({
          items: expect.arrayContaining([expect.objectContaining({ id, privacy: 'public' })]),
        })
        // What was kept from guests stays kept from them: the values before, too.
        expect(await journalOf(id!)).toMatchObject([
          { kind: `${resource.thing}.updated`, privacy: 'public', before: { privacy: 'team' } },
        ])
      })

    // Whose inbox it is nobody chooses: it is one's own.
    if (hasVerb(resource, 'upsert') && resource.within.some((column) => !resource.people.includes(column)))
      it('takes the same external id once for each thing that it is unique within', async () => {
        const [one, other] = await Promise.all([make().input(resource), make(town.owner).input(resource)])
        const items = [one, other].map((input) => ({ ...input, externalId: 'same' }))
        const isApart = resource.within.some((name) => one[toFieldName(name)] !== other[toFieldName(name)])
        expect(isApart).toBe(true)
        const { created, ids } = await as(town.owner)(of('upsert'), { items })
        expect([created, new Set(Object.values(ids)).size]).toEqual([2, 2])
        expect(await as(town.owner)(of('upsert'), { items })).toMatchObject({ unchanged: 2, ids })
      })

    if (resource.writers === 'admin')
      it('is written by admins alone', async () => {
        const made = await make().make(resource)
        const input = await make().input(resource, 'required')
        for (const [verb, given] of [
          ['create', input],
          ['update', { id: made.id }],
          ['delete', { id: made.id }],
        ] as const) {
          if (!hasVerb(resource, verb)) continue
          expect(await codeOf(as(town.member)(of(verb), given)), verb).toBe('FORBIDDEN')
        }
      })

    if (hasVerb(resource, 'search'))
      it('is found by its words until it is removed', async () => {
        const texts = resource.fields.filter((column) => {
          const { type, values, max = 0 } = factsOfColumn(resource.table, column)
          return type === 'text' && !values && max >= 100 && column !== 'external_id'
        })
        const word = `zyx${newId().slice(-6)}`
        const field = toFieldName(texts[0]!)
        const made = await make().make(resource, 'required', { [field]: `the ${word} itself` })
        const found = await as(town.owner)(of('search'), { q: word })
        expect(found.items.map(({ item }: Value) => item)).toEqual([made])
        expect((await as(abroad.owner)(of('search'), { q: word })).items).toEqual([])
        if (!hasVerb(resource, 'delete')) return
        await as(town.owner)(of('delete'), { id: made.id })
        expect((await as(town.owner)(of('search'), { q: word })).items).toEqual([])
      })

    if (hasVerb(resource, 'delete'))
      it('is gone once it is deleted, and the journal says so', async () => {
        const made = await make().make(resource)
        expect(await codeOf(as(town.owner)(of('delete'), { id: made.id, version: 9 }))).toBe(
          'RESOURCE_VERSION_STALE',
        )
        expect(await as(town.owner)(of('delete'), { id: made.id, version: 1 })).toEqual({
          id: made.id,
          deleted: true,
        })
        expect(await codeOf(as(town.owner)(of('delete'), { id: made.id }))).toBe('RESOURCE_NOT_FOUND')
        expect((await journalOf(made.id)).at(-1)).toMatchObject({
          kind: `${resource.thing}.deleted`,
          after: null,
        })
      })
  })
})

/** The orders that a list of the resource offers. */
function sortsOf(resource: ResourceFacts): string[] {
  return resource.sorts.map(toFieldName)
}

/** The resource that this one is part of, where its privacy can be changed. */
function wholeOf({ table, parent }: ResourceFacts): ResourceFacts | undefined {
  const target = parent === null ? undefined : factsOfColumn(table, parent).references
  return resources.find((each) => each.table === target && each.parent === null && hasVerb(each, 'update'))
}
