import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { newId } from '../../kernel/ids.ts'

const HOUR_MS = 3_600_000

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())

  const DAY = Date.UTC(2030, 4, 1)
  const at = (hour: number) => new Date(DAY + hour * HOUR_MS).toISOString()
  const range = { from: at(4), to: at(20) }
  const call = (operation: string, input: Value) => operationsAs(test, town.owner)(operation, input)
  beforeEach(async () => {
    await test.query('delete from agenda.calendar_events where starts_at > $1', [new Date(DAY - 9e8)])
  })

  const shape = fc.record({
    start: fc.integer({ min: 0, max: 22 }),
    length: fc.integer({ min: 0, max: 6 }),
    how: fc.constantFrom('own', 'asked', 'foreign', 'free', 'cancelled'),
  })
  const inputOf = ({ start, length, how }: Value, index: number) => {
    const { owner, member } = town
    return {
      title: `event ${index}`,
      startsAt: at(start),
      endsAt: at(start + length),
      ownerId: how === 'asked' || how === 'foreign' ? member.userId : how === 'free' ? owner.userId : null,
      attendeeIds: how === 'asked' ? [owner.userId] : [],
      isBusy: how !== 'free',
      status: how === 'cancelled' ? 'cancelled' : 'confirmed',
      externalId: `event:${index}`,
    }
  }
  const concerns = (item: Value) =>
    ['own', 'asked'].includes(item.how) && item.start < 20 && item.start + item.length > 4

  describe('conflicts', () => {
    it('are the pairs that a person is taken up by at once, and busy hours are all of theirs', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 8 }), async (items) => {
          await test.query('delete from agenda.calendar_events where starts_at > $1', [new Date(DAY - 9e8)])
          await call('agenda.calendar.upsert', { items: items.map(inputOf) })
          const mine = items.map((item, index) => ({ ...item, index })).filter(concerns)
          const naive = mine.flatMap((a, n) =>
            mine
              .slice(n + 1)
              .filter((b) => a.start < b.start + b.length && b.start < a.start + a.length)
              .map((b) => [a.index, b.index].toSorted((x, y) => x - y).join()),
          )
          const { items: found, isComplete } = await call('agenda.calendar.conflicts', range)
          const pairs = found.map(({ first, second }: Value) =>
            [first, second]
              .map(({ title }) => Number(title.slice(6)))
              .toSorted((x, y) => x - y)
              .join(),
          )
          expect(isComplete).toBe(true)
          expect(pairs.toSorted()).toEqual(naive.toSorted())
          await expectHours(mine)
        }),
        { numRuns: 25 },
      )
    })

    async function expectHours(mine: Value[]) {
      const { people, free } = await call('agenda.calendar.free_busy', range)
      const holds = (periods: Value[], hour: number) =>
        periods.some(({ startsAt, endsAt }) => startsAt <= at(hour) && endsAt >= at(hour + 1))
      for (let hour = 4; hour < 20; hour += 1) {
        const isTaken = mine.some((item) => item.start <= hour && item.start + item.length > hour)
        expect(holds(people[0].busy, hour)).toBe(isTaken)
        expect(holds(free, hour)).toBe(!isTaken)
      }
    }

    it('are told up to the limit, and that there are more', async () => {
      const items = [1, 2, 3].map((n) => inputOf({ start: 8, length: 2, how: 'own' }, n))
      await call('agenda.calendar.upsert', { items })
      const some = await call('agenda.calendar.conflicts', { ...range, limit: 2 })
      expect([some.items.length, some.isComplete]).toEqual([2, false])
      const all = await call('agenda.calendar.conflicts', { ...range, limit: 3 })
      expect([all.items.length, all.isComplete]).toEqual([3, true])
      expect(all.items[0].overlap).toEqual({ startsAt: at(8), endsAt: at(10) })
    })

    it('show nothing that the asker does not see', async () => {
      const items = [1, 2].map((n) => ({
        ...inputOf({ start: 8, length: 2, how: 'own' }, n),
        privacy: 'private',
      }))
      await call('agenda.calendar.upsert', { items })
      const asked = { ...range, personId: town.owner.userId }
      expect((await call('agenda.calendar.conflicts', asked)).items).toHaveLength(1)
      const other = await operationsAs(test, town.member)('agenda.calendar.conflicts', asked)
      expect(other.items).toEqual([])
    })

    it('count focus blocks as busy, of all who are asked about', async () => {
      const { owner, member } = town
      const block = { personId: member.userId, startsAt: at(6), endsAt: at(8) }
      const { id } = await call('agenda.focus_blocks.create', block)
      await call('agenda.calendar.upsert', { items: [inputOf({ start: 7, length: 3, how: 'own' }, 1)] })
      const both = { ...range, personIds: [owner.userId, member.userId] }
      const { free } = await call('agenda.calendar.free_busy', both)
      expect(free).toEqual([
        { startsAt: at(4), endsAt: at(6) },
        { startsAt: at(10), endsAt: at(20) },
      ])
      await call('agenda.focus_blocks.delete', { id })
    })

    it('are called free up to where all events were read, and no further', async () => {
      const { owner } = town
      expect(await call('agenda.calendar.free_busy', range)).toMatchObject({ isComplete: true })
      await test.query(
        `insert into agenda.calendar_events (town_id, id, title, starts_at, ends_at, privacy, created_by, created_at, updated_at)
         select $1, gen_random_uuid(), 'one of many', $3, $4, 'team', $2, $3, $3 from generate_series(1, 5000)`,
        [town.id, owner.userId, at(6), at(7)],
      )
      await call('agenda.calendar.upsert', { items: [inputOf({ start: 10, length: 2, how: 'own' }, 1)] })
      const { people, free, isComplete } = await call('agenda.calendar.free_busy', range)
      expect(people[0].busy).toEqual([{ startsAt: at(6), endsAt: at(7) }])
      expect([free, isComplete]).toEqual([[{ startsAt: at(4), endsAt: at(6) }], false])
    })

    it('are asked for in ranges that end after they begin, of people that there are', async () => {
      const codeOf = (input: Value) =>
        call('agenda.calendar.conflicts', { ...range, ...input }).then(
          () => 'success',
          (error: { code: string }) => error.code,
        )
      expect(await codeOf({ to: range.from })).toBe('AGENDA_RANGE')
      expect(await codeOf({ to: at(93 * 24) })).toBe('AGENDA_RANGE')
      expect(await codeOf({ personId: newId() })).toBe('REFERENCE_NOT_FOUND')
    })
  })
})
