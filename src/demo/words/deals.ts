/** What is sold: its name with {sites}, the worth of one in whole units of the currency, and how many days a sale takes. */
export type Product = {
  key: string
  name: string
  type: string
  worth: readonly [number, number]
  days: readonly [number, number]
  next: string
}

export const PRODUCTS: readonly Product[] = [
  {
    key: 'pilot',
    name: 'Lantern pilot, {count} {sites}',
    type: 'new business',
    worth: [9_000, 28_000],
    days: [35, 80],
    next: 'Agree which {sites} come first',
  },
  {
    key: 'rollout',
    name: 'Lantern rollout, {count} {sites}',
    type: 'expansion',
    worth: [48_000, 260_000],
    days: [70, 150],
    next: 'Walk through the rollout plan with {first}',
  },
  {
    key: 'insight',
    name: 'Lantern Insight subscription',
    type: 'subscription',
    worth: [14_000, 62_000],
    days: [30, 75],
    next: 'Show the monthly report to {first}',
  },
  {
    key: 'study',
    name: 'Heat recovery study',
    type: 'service',
    worth: [6_000, 19_000],
    days: [25, 60],
    next: 'Fix the dates of the site visit',
  },
]

export const LOST_REASONS: readonly string[] = [
  'Budget frozen until next year.',
  'Chose to extend the contract with their building automation supplier.',
  'The champion left and nobody took it over.',
  'Price: they took a cheaper meter-only offer.',
  'No decision after three rounds; closed by us.',
]

export const WON_REASONS: readonly string[] = [
  'The pilot paid for itself within the quarter.',
  'The savings estimate convinced the board.',
  'Quickest to install, and no shutdown needed.',
  'Reference visit with another customer of the same industry.',
]

export const RISKS: readonly string[] = [
  'Budget is decided only after the half-year figures.',
  'IT wants a security review first.',
  'A competitor has a framework contract with the group.',
  'The champion has no seat in the steering group.',
  'Works council has to agree to sensors on the floors.',
]
