import type { Beat } from './beats.ts'

/** What goes on with customers once they have bought. */
export const CARE: readonly Beat[] = [
  {
    stage: 'won',
    way: 'email',
    from: 'us',
    subject: 'Your monthly Lantern report',
    texts: [
      'Hello {first},\n\nyour report is ready. The month in one sentence: {finding}. Two things that you could switch off tomorrow stand on page 2.\n\nJonas, Lanternworks',
    ],
    file: 'Monthly report {company}',
  },
  {
    stage: 'won',
    way: 'email',
    from: 'them',
    subject: null,
    mood: 'positive',
    share: 0.5,
    texts: [
      'Thanks Jonas, passed on to the site. We did the first of the two today.\n\n{first}',
      'Hi Jonas, the numbers on page 2 made it into our management meeting. Keep them coming.\n\n{contact}',
    ],
  },
  {
    stage: 'won',
    way: 'email',
    from: 'them',
    subject: 'A sensor is silent',
    mood: 'negative',
    share: 0.25,
    texts: [
      'Hello Jonas,\n\none of the sensors in {city} sends nothing since yesterday. Can you look?\n\n{first}',
    ],
  },
  {
    stage: 'won',
    way: 'phone',
    from: 'us',
    subject: 'Check-in with {company}',
    minutes: 20,
    mood: 'positive',
    share: 0.5,
    texts: [
      'Spoke with {contact}: happy with the reports, asks what the other {sites} would cost. Told sales.',
      'Spoke with {contact}: new site engineer, needs a short introduction to the reports.',
    ],
  },
]

/** What colleagues write each other in Slack, with the channel. */
export const CHATTER: readonly (readonly [channel: string, text: string])[] = [
  ['general', 'The coffee machine is back. Please descale it this time.'],
  ['general', 'Friday demo at three: Priya shows the new night-load view.'],
  ['general', 'Elena needs all travel receipts before the end of the month.'],
  ['general', 'Welcome back, Tomas! The plants survived.'],
  ['product', 'The gateway firmware 4.2 is out for the pilots, no restarts so far.'],
  ['product', 'Night-load view: should we show money or kilowatt hours first? I say money.'],
  ['product', 'Two sites lost their clock after the power cut; fixed by the resync.'],
  ['sales', 'Reminder: next step and close date on every open deal before the Monday round.'],
  ['sales', 'The savings estimate is what wins. Please send it before the proposal, not with it.'],
  ['sales', 'Who has a hotel reference that takes visitors?'],
]
