import { describe, expect, it } from 'vitest'

import { findingOf, smallEstate } from '../../../../test/support/estate-report.ts'
import type { Finding } from '../finding.ts'
import { planAgain, planOf } from './plan.ts'

const table = (name: string) => ({ kind: 'table' as const, schema: 'public', name })
const fails = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ file: 'x.sql', line: index + 1, message: 'failed' }))
const competing = (name: string, count = 0, over: Partial<Finding> = {}) =>
  findingOf({ object: table(name), consequences: fails(count), ...over })
const namesOf = (plan: ReturnType<typeof planOf>['plan']) =>
  plan.map(({ objects }) => objects.map(({ name }) => name).join(' '))

describe('the plan', () => {
  it('begins with what most other statements fail for', () => {
    const { plan, first } = planOf([competing('a'), competing('b', 2), competing('c', 40)])
    expect(namesOf(plan)).toEqual(['c', 'b', 'a'])
    expect(plan.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(first[0]).toBe(
      'Decide on one definition of table public.c. companies is defined twice, and the definitions contradict each other. It has 40 consequences.',
    )
  })

  it('deals with parents before what needs them, also through circles', () => {
    const needs = [
      { object: table('deals'), needs: table('companies') },
      { object: table('companies'), needs: table('towns') },
      { object: table('towns'), needs: table('deals') },
    ]
    const found = [competing('deals', 9), competing('companies'), competing('towns'), competing('notes', 3)]
    expect(namesOf(planOf(found, needs.slice(0, 2)).plan)).toEqual(['towns', 'companies', 'deals', 'notes'])
    expect(namesOf(planOf(found, needs).plan)).toEqual(['towns', 'companies', 'deals', 'notes'])
  })

  it('goes up through tables that have no finding themselves', () => {
    const needs = [
      { object: table('deals'), needs: table('fine') },
      { object: table('fine'), needs: table('companies') },
    ]
    expect(namesOf(planOf([competing('deals', 9), competing('companies')], needs).plan)).toEqual([
      'companies',
      'deals',
    ])
  })

  it('survives chains of keys that are longer than the call stack is deep', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => `t${index}`)
    const needs = names.slice(1).map((name, index) => ({ object: table(name), needs: table(names[index]!) }))
    const { plan } = planOf([competing(names.at(-1)!, 3), competing(names[0]!)], needs)
    expect(namesOf(plan)).toEqual([names[0], names.at(-1)])
  })

  it('makes one step of all that concerns a table, and one for each rule of the rest', () => {
    const { plan } = planOf([
      findingOf({ rule: 'missing-index-on-foreign-key', severity: 'info', object: table('b') }),
      findingOf({ rule: 'missing-index-on-foreign-key', severity: 'info', object: table('a') }),
      findingOf({ rule: 'rls-without-policy', severity: 'warning' }),
      findingOf({ rule: 'silent-skip', severity: 'warning' }),
      competing('companies'),
      findingOf({ rule: 'homonym', severity: 'info' }),
      findingOf({ rule: 'secret-in-sql', object: { kind: 'file', schema: '', name: 'x.sql' } }),
    ])
    expect(plan.map(({ title, rules }) => [title, rules])).toEqual([
      ['Change the secrets that stand in file x.sql', ['secret-in-sql']],
      ['Decide on one definition of table public.companies', ['competing-definition', 'silent-skip']],
      ['Give table public.companies with row security a policy', ['rls-without-policy']],
      ['Index the foreign keys of 2 tables', ['missing-index-on-foreign-key']],
    ])
    expect(plan[3]!.objects.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('is the same whatever order the findings come in', () => {
    const { findings } = smallEstate()
    expect(planOf(findings.toReversed())).toEqual(planOf(findings))
  })

  it('keeps its order when it is made again for some of the findings', () => {
    const needs = [{ object: table('z'), needs: table('y') }]
    const found = [
      competing('z', 9),
      competing('y'),
      competing('a', 5),
      findingOf({ rule: 'money-as-float', object: table('y') }),
    ]
    const { plan } = planOf(found, needs)
    expect(planAgain(found, plan).plan).toEqual(plan)
    expect(namesOf(planAgain([found[0]!, found[1]!], plan).plan)).toEqual(['y', 'z'])
  })
})
