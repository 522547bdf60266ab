import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { systemClock } from '../../src/kernel/clock.ts'
import { eachBackend } from '../support/backends.ts'
import { addMember, foundTown, type Person, type Town } from '../support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { watchStatements, type Watched } from '../support/watch-statements.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let watched: Watched
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    watched = watchStatements(test)
  })
  afterAll(() => test.drop())

  const as = (person: Person) => operationsAs(test, person)
  /** Calls an operation and answers with what it asked the database for. */
  async function cost(operation: string, input: Value = {}, clock = systemClock) {
    watched.take()
    const answer = await operationsAs(watched.test, town.owner, clock)(operation, input)
    const asked = watched.take()
    expect(asked.count).toBeGreaterThan(2)
    return { answer, ...asked }
  }

  describe('as many statements for many as for one', () => {
    it('when shared things are swept', async () => {
      await as(town.owner)('town.create', { slug: 'giver', name: 'Giver' })
      const { key } = await as(town.owner)('identity.keys.create', { name: 'giver', town: 'giver' })
      const give = (n: number) =>
        as({ ...town.owner, key })('sharing.grant', {
          kind: 'knowledge',
          town: town.slug,
          item: { title: `Lore ${n}`, content: `Of ${n}.` },
          expiresAt: '2090-01-01T00:00:00Z',
        })
      const later = stoppedClock('2095-01-01T00:00:00Z')
      await give(0)
      const one = await cost('sharing.sweep', {}, later)
      for (let n = 1; n < 8; n += 1) await give(n)
      const many = await cost('sharing.sweep', {}, later)
      expect([one.answer, many.answer]).toEqual([{ removed: 1 }, { removed: 7 }])
      expect(many.count).toBe(one.count)
      const { items } = await as(town.owner)('journal.events.list', { limit: 100 })
      const gone = items.filter((item: Value) => item.kind === 'shared_knowledge.deleted')
      expect(gone.length).toBe(8)
      expect(gone.every((item: Value) => Object.keys(item.payload).length === 0)).toBe(true)
    })

    it('when a memory is forgotten that many people were told of', async () => {
      const content = 'Loves the frumious marzipan.'
      const tell = async (person: Person) => {
        const { id } = await as(person)('conversation.create', {
          personality: 'robbie-f',
          privacy: 'private',
        })
        const { reply } = await as(person)('conversation.send', { id, content: 'The frumious marzipan.' })
        expect(reply.content).toContain(content)
      }
      const forget = async (people: Person[]) => {
        const { id } = await as(town.owner)('memory.remember', { content, privacy: 'team' })
        for (const person of people) await tell(person)
        return cost('memory.forget', { id })
      }
      const one = await forget([town.owner])
      const people: Person[] = []
      for (let n = 0; n < 4; n += 1)
        people.push(await addMember(test, { town, name: `told-${n}`, role: 'user' }))
      const many = await forget([town.owner, ...people])
      expect(many.count).toBe(one.count)
      const quoting = `select count(*)::integer as count from conversation.messages where strpos(content, $1) > 0`
      expect(await test.query(quoting, [content])).toEqual([{ count: 0 }])
    })

    it('when several people are asked for their free time', async () => {
      const range = { from: '2030-05-01T00:00:00Z', to: '2030-05-02T00:00:00Z' }
      const people = [town.owner, town.member, town.other]
      for (const [index, person] of people.entries()) {
        const [startsAt, endsAt] = [`2030-05-01T0${index}:00:00Z`, `2030-05-01T0${index + 1}:00:00Z`]
        await as(person)('agenda.calendar.create', { title: 'Busy', startsAt, endsAt, privacy: 'team' })
      }
      const personIds = people.map(({ userId }) => userId)
      const one = await cost('agenda.calendar.free_busy', { ...range, personIds: personIds.slice(0, 1) })
      const many = await cost('agenda.calendar.free_busy', { ...range, personIds })
      expect(many.count).toBe(one.count)
      expect(many.answer.people.map(({ personId, busy }: Value) => [personId, busy[0].startsAt])).toEqual(
        personIds.map((id, index) => [id, `2030-05-01T0${index}:00:00.000Z`]),
      )
      expect(many.answer.free[0].startsAt).toBe('2030-05-01T03:00:00.000Z')
    })
  })

  it('loads no text of prompts for a list of personalities', async () => {
    const { answer, columns } = await cost('persona.list')
    expect(answer.items[0].prompts.friendly.tone).toEqual(expect.any(String))
    expect(columns.has('tone')).toBe(true)
    expect(columns.has('system_prompt')).toBe(false)
  })
})
