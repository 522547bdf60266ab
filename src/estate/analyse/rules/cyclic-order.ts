import { foundOfRoots, rootsAbout } from './failures.ts'
import { type Rule } from './rule.ts'

/** Two that wait for each other. */
export const cyclicOrder: Rule = {
  id: 'cyclic-order',
  severity: 'warning',
  confidence: 'proven',
  summary: 'Two objects need each other before they can be made.',
  why: 'No order of the files works.',
  fix: 'Make the tables first and add one of the foreign keys afterwards with "alter table".',
  phase: 'order',
  action: (what) => `Break the circles of definitions around ${what('object')}`,
  check: (estate) =>
    rootsAbout(estate, ['cycle']).map((roots) =>
      foundOfRoots(roots, `${roots[0]!.object.name} needs something that in its turn needs it.`),
    ),
}
