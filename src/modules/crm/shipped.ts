/** The pipeline that each town begins with; `key` tells it and its stages from those that people make. */
export const shippedPipeline = {
  key: 'shipped:sales',
  name: 'Sales',
  description: 'From first contact to the contract.',
}

/** Its eight stages, from lead to closed. */
export const shippedStages = [
  { key: 'shipped:lead', name: 'Lead', probability: 5, outcome: 'open' },
  { key: 'shipped:qualified', name: 'Qualified', probability: 15, outcome: 'open' },
  { key: 'shipped:discovery', name: 'Discovery', probability: 30, outcome: 'open' },
  { key: 'shipped:proposal', name: 'Proposal', probability: 50, outcome: 'open' },
  { key: 'shipped:negotiation', name: 'Negotiation', probability: 70, outcome: 'open' },
  { key: 'shipped:commitment', name: 'Verbal commitment', probability: 90, outcome: 'open' },
  { key: 'shipped:won', name: 'Closed won', probability: 100, outcome: 'won' },
  { key: 'shipped:lost', name: 'Closed lost', probability: 0, outcome: 'lost' },
] as const

/** The ten rules of engagement. Every point loses a tenth of its worth each week. */
export const shippedRules = [
  { key: 'shipped:email-opened', name: 'Mail opened', signal: 'email_opened', score: 0.1, conditions: {} },
  { key: 'shipped:email-clicked', name: 'Mail clicked', signal: 'email_clicked', score: 0.2, conditions: {} },
  {
    key: 'shipped:email-replied',
    name: 'Mail answered',
    signal: 'email_replied',
    score: 0.3,
    conditions: {},
  },
  { key: 'shipped:visit', name: 'Page visited', signal: 'website_visit', score: 0.1, conditions: {} },
  { key: 'shipped:conversion', name: 'Conversion', signal: 'website_conversion', score: 0.5, conditions: {} },
  { key: 'shipped:linkedin', name: 'Contact at LinkedIn', signal: 'linkedin', score: 0.15, conditions: {} },
  {
    key: 'shipped:slack',
    name: 'Message from them in Slack',
    signal: 'slack',
    score: 0.2,
    conditions: { direction: 'inbound' },
  },
  { key: 'shipped:meeting', name: 'Meeting', signal: 'meeting', score: 0.4, conditions: {} },
  {
    key: 'shipped:long-visit',
    name: 'Over 300 seconds on a page',
    signal: 'website_visit',
    score: 0.2,
    conditions: { minSeconds: 301 },
  },
  {
    key: 'shipped:many-views',
    name: 'More than three pages in a visit',
    signal: 'website_session',
    score: 0.15,
    conditions: { minViews: 4 },
  },
] as const
