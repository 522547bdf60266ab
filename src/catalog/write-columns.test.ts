import { expect, it } from 'vitest'

import { factsOfColumn } from '../db/column-facts.ts'

it('reads bounds below zero, also of columns that hold fractions', () => {
  expect(factsOfColumn('ai_memories', 'emotional_weight')).toMatchObject({ min: -10, max: 10 })
  expect(factsOfColumn('deal_simulations', 'impact')).toMatchObject({ min: -10, max: 10 })
})
