import { byCodePoint } from '../code-point-order.ts'
import { listed, type Rule } from './rule.ts'

/** Two migrations of one number: which runs first is chance, and some tools run only one. */
export const duplicateMigrationNumber: Rule = {
  id: 'duplicate-migration-number',
  severity: 'warning',
  confidence: 'read',
  summary: 'Two migrations have the same number.',
  why: 'Which of them runs first is left to the tool or to the file system.',
  fix: 'Give the later one the next free number, before anybody has run it.',
  phase: 'order',
  action: (what) => `Give ${what('migration')} a number that no other has`,
  check: ({ sources }) =>
    sources.flatMap((source) => {
      const byNumber = Map.groupBy(source.numbers, ([, number]) => plain(number))
      return [...byNumber].flatMap(([number, same]) => {
        if (same.length < 2) return []
        const paths = same.map(([path]) => path).toSorted(byCodePoint)
        return {
          object: { kind: 'migration' as const, schema: '', name: `${source.name}/${same[0]![1]}` },
          places: paths.map((file) => ({ file, line: 1 })),
          message: `${listed(paths)} have the number ${number}.`,
        }
      })
    }),
}

/** Without leading zeros. */
const plain = (number: string) => number.replaceAll(/(^|[._])0+(?=\d)/g, '$1').replace(/([._]0)+$/, '')
