import type { Parameter } from './parameters.ts'

export type ShippedTemplate = {
  category: string
  name: string
  description: string
  config: Record<string, unknown>
  required: Parameter[]
  optional: Parameter[]
}

const runs: Parameter = {
  name: 'runs',
  type: 'integer',
  description: 'How often it is played.',
  minimum: 100,
  maximum: 1_000_000,
  default: 10_000,
}
const horizon: Parameter = {
  name: 'horizonDays',
  type: 'integer',
  description: 'How far ahead it looks, days.',
  minimum: 1,
  maximum: 3650,
  default: 90,
}
const amount = (name: string, description: string): Parameter => ({
  name,
  type: 'number',
  description,
  minimum: 0,
})
const share = (name: string, description: string): Parameter => ({
  name,
  type: 'number',
  description,
  minimum: 0,
  maximum: 1,
})

/** What every new town can simulate. */
export const shippedTemplates: readonly ShippedTemplate[] = [
  {
    category: 'deal_probability',
    name: 'Deal probability',
    description: 'How likely a deal is won, and when, going by how deals of its stage went before.',
    config: { method: 'monte_carlo', answers: ['probability', 'closeOn'] },
    required: [{ name: 'stage', type: 'text', description: 'Stage that the deal is in.' }],
    optional: [
      share('probability', 'What people think, 0-1.'),
      amount('amount', 'What it is worth.'),
      horizon,
      runs,
    ],
  },
  {
    category: 'market_opportunity',
    name: 'Market opportunity',
    description: 'What a market may bring in, going by how many can be reached and how many of them buy.',
    config: { method: 'monte_carlo', answers: ['revenue', 'customers'] },
    required: [
      amount('reachableCompanies', 'How many companies can be reached.'),
      share('winRate', 'Part of them that buys, 0-1.'),
      amount('averageAmount', 'What one of them spends.'),
    ],
    optional: [share('spread', 'How far off each of these may be, 0-1.'), horizon, runs],
  },
  {
    category: 'pricing',
    name: 'Pricing',
    description: 'Which price brings in most, going by how many buyers each step up loses.',
    config: { method: 'monte_carlo', answers: ['bestPrice', 'revenue'] },
    required: [
      amount('lowestPrice', 'Lowest price that is tried.'),
      amount('highestPrice', 'Highest price that is tried.'),
      {
        name: 'elasticity',
        type: 'number',
        description: 'Change of demand for a change of price of 1, below 0.',
        maximum: 0,
      },
    ],
    optional: [
      amount('unitCost', 'What one costs to make.'),
      amount('demand', 'How many buy at the lowest price.'),
      runs,
    ],
  },
  {
    category: 'velocity',
    name: 'Sales velocity',
    description: 'How fast deals go through the stages, and where they get stuck.',
    config: { method: 'monte_carlo', answers: ['daysToClose', 'slowestStage'] },
    required: [],
    optional: [
      { name: 'pipeline', type: 'text', description: 'Pipeline that is looked at; all when left out.' },
      horizon,
      runs,
    ],
  },
]
