/** The stages of the shipped pipeline in their order; a deal passes them up to where it stands. */
export const STAGES = [
  'lead',
  'qualified',
  'discovery',
  'proposal',
  'negotiation',
  'commitment',
  'won',
  'lost',
] as const

export type Stage = (typeof STAGES)[number]

/** A promise that somebody of the house makes in a beat; {due} in the text is its day. */
export type Vow = { what: string; task: string; days: number; quote: string }

/** Something that happens between the house and a customer while a deal is in a stage. */
export type Beat = {
  stage: Stage
  way: 'email' | 'phone' | 'meeting' | 'slack' | 'linkedin'
  from: 'them' | 'us'
  /** A mail without one answers the mail before it. */
  subject: string | null
  texts: readonly string[]
  mood?: 'positive' | 'neutral' | 'negative' | 'mixed'
  minutes?: number
  vow?: Vow
  /** Share of the deals that have it; all when left out. */
  share?: number
  /** A file of the house that goes with it. */
  file?: string
}

export const BEATS: readonly Beat[] = [
  {
    stage: 'lead',
    way: 'email',
    from: 'them',
    subject: 'Your sensors for our {sites}',
    mood: 'neutral',
    texts: [
      'Hello {usFirst},\n\na colleague told me about Lanternworks. We run {count} {sites} around {city}, and {pain}. Could you tell me how you would look at this, and what it would cost us roughly?\n\nBest wishes\n{contact}, {company}',
      'Hi {usFirst},\n\nI saw your talk about hidden loads. At {company} {pain}. Is that something Lantern would show us?\n\n{first}',
    ],
  },
  {
    stage: 'lead',
    way: 'email',
    from: 'us',
    subject: null,
    mood: 'positive',
    texts: [
      'Hello {first},\n\nthank you for writing. What you describe is what we see most often: {pain}. I would like to ask you five questions on the phone and then tell you honestly whether we can help.\n\nI will send you our overview by {due}.\n\nKind regards\n{us}\nLanternworks',
    ],
    vow: {
      what: 'Send {contact} the overview for {sites}',
      task: 'Send the overview to {company}',
      days: 2,
      quote: 'I will send you our overview by {due}.',
    },
    file: 'Overview: Lantern for {sites}',
  },
  {
    stage: 'lead',
    way: 'linkedin',
    from: 'us',
    subject: null,
    share: 0.3,
    texts: ['Good to be connected, {first}. I sent you a mail about your {sites}; no hurry.'],
  },
  {
    stage: 'qualified',
    way: 'phone',
    from: 'us',
    subject: 'First call about {deal}',
    mood: 'positive',
    minutes: 25,
    texts: [
      'Called {contact}. {count} {sites}, one meter each, no data below that. {pain}. Budget is decided with the head of facilities. Wants to see what another customer found.',
      'Call with {contact}: they know that {pain}, but not how much it costs. Decision this year if the numbers are clear. Next: a workshop on site.',
    ],
  },
  {
    stage: 'qualified',
    way: 'email',
    from: 'us',
    subject: 'What we talked about: {deal}',
    texts: [
      'Hello {first},\n\nas agreed, in short: {count} {sites}, and {pain}. We suggest a half-day workshop in {city}. Please bring the meter readings of the last twelve months, a spreadsheet is fine.\n\n{us}',
    ],
  },
  {
    stage: 'qualified',
    way: 'email',
    from: 'them',
    subject: null,
    mood: 'positive',
    texts: [
      'Hi {usFirst},\n\nthat is right. The workshop suits us, our site engineer will join. Readings attached.\n\n{first}',
      'Thanks {usFirst}, spot on. I have asked our people for the readings; you will have them before we meet.\n\n{contact}',
    ],
  },
  {
    stage: 'discovery',
    way: 'meeting',
    from: 'us',
    subject: 'Workshop with {company}: {deal}',
    minutes: 150,
    mood: 'positive',
    texts: [
      'On site in {city} with {contact}. Walked two of the {count} {sites}. Found already: {finding}. They were surprised. Agreed that we estimate the savings per site.',
    ],
  },
  {
    stage: 'discovery',
    way: 'email',
    from: 'us',
    subject: 'After the workshop in {city}',
    mood: 'positive',
    texts: [
      'Hello {first},\n\nthank you for the time and the boots. The most striking thing: {finding}.\n\nI will send you the savings estimate per site by {due}, so that you can take it into your budget round.\n\n{us}',
    ],
    vow: {
      what: 'Send {contact} the savings estimate per site',
      task: 'Estimate the savings for {company}: {deal}',
      days: 6,
      quote: 'I will send you the savings estimate per site by {due}',
    },
    file: 'Savings estimate {company}',
  },
  {
    stage: 'discovery',
    way: 'slack',
    from: 'us',
    subject: null,
    share: 0.4,
    texts: [
      'Back from {company}: {finding}. {first} wants the estimate per site before the budget round.',
      'Good workshop at {company}. If the estimate holds, {deal} pays for itself within fourteen months.',
    ],
  },
  {
    stage: 'proposal',
    way: 'email',
    from: 'us',
    subject: 'Our proposal: {deal}',
    mood: 'neutral',
    texts: [
      'Hello {first},\n\nattached is our proposal for {deal}: {amount}, installed without a shutdown, first report after four weeks. The savings estimate is on page 3.\n\nShall we go through it together next week?\n\n{us}',
    ],
    file: 'Proposal {company}: {deal}',
  },
  {
    stage: 'proposal',
    way: 'email',
    from: 'them',
    subject: null,
    mood: 'mixed',
    texts: [
      'Hi {usFirst},\n\nreceived, thank you. The finance people ask what happens if the savings do not come, and whether {amount} can be paid over two years. Could you put that in writing?\n\n{first}',
      'Hello {usFirst},\n\nlooks good. Two questions from our side: who owns the data, and how long does one site take to install?\n\nBest\n{contact}',
    ],
  },
  {
    stage: 'proposal',
    way: 'email',
    from: 'us',
    subject: null,
    texts: [
      'Hello {first},\n\ngood questions. The data is yours, a site takes a day and a half. I will send you the terms in writing by {due}.\n\n{us}',
    ],
    vow: {
      what: 'Send {contact} the terms of {deal} in writing',
      task: 'Write down the terms for {company}: {deal}',
      days: 4,
      quote: 'I will send you the terms in writing by {due}.',
    },
  },
  {
    stage: 'negotiation',
    way: 'phone',
    from: 'them',
    subject: 'Price of {deal}',
    mood: 'mixed',
    minutes: 35,
    texts: [
      '{contact} called with procurement. They want 12 % off {amount}; I offered 5 % for a two-year term and a reference visit. They will come back to us.',
      '{contact} on the phone: the group wants framework terms. Price is fine, payment in two halves is not negotiable for them. We can do that.',
    ],
  },
  {
    stage: 'negotiation',
    way: 'email',
    from: 'us',
    subject: 'Revised terms: {deal}',
    texts: [
      'Hello {first},\n\nas discussed: two years, 5 % off, paid in two halves. I will have the contract with you by {due}, and one of our customers would show you their site if you like.\n\n{us}',
    ],
    vow: {
      what: 'Send {contact} the contract for {deal}',
      task: 'Prepare the contract for {company}: {deal}',
      days: 5,
      quote: 'I will have the contract with you by {due}',
    },
    file: 'Contract draft {company}',
  },
  {
    stage: 'negotiation',
    way: 'meeting',
    from: 'us',
    subject: 'Steering group of {company}: {deal}',
    minutes: 60,
    mood: 'mixed',
    share: 0.6,
    texts: [
      'Presented to the steering group of {company}. Finance is convinced by the estimate, IT asks for a security review. {first} supports us openly.',
    ],
  },
  {
    stage: 'commitment',
    way: 'email',
    from: 'them',
    subject: 'Go ahead with {deal}',
    mood: 'positive',
    texts: [
      'Hi {usFirst},\n\ngood news: the board said yes to {deal}. Legal has the contract on the desk, I expect the signature within two weeks. Please keep the slots of your engineers.\n\n{first}',
    ],
  },
  {
    stage: 'commitment',
    way: 'email',
    from: 'us',
    subject: null,
    mood: 'positive',
    texts: [
      'Wonderful, {first}. The slots are kept. I will send you the installation plan by {due}.\n\n{us}',
    ],
    vow: {
      what: 'Send {contact} the installation plan',
      task: 'Plan the installation at {company}',
      days: 6,
      quote: 'I will send you the installation plan by {due}.',
    },
  },
  {
    stage: 'won',
    way: 'email',
    from: 'them',
    subject: 'Signed: {deal}',
    mood: 'positive',
    texts: ['Hello {usFirst},\n\nsigned and on its way. We look forward to the first report.\n\n{contact}'],
  },
  {
    stage: 'won',
    way: 'meeting',
    from: 'us',
    subject: 'Kick-off with {company}',
    minutes: 60,
    mood: 'positive',
    texts: [
      'Kick-off with {contact} and the site engineers. Order of the {sites} is fixed, first sensors go in next week. Jonas takes over.',
    ],
  },
  {
    stage: 'lost',
    way: 'email',
    from: 'them',
    subject: 'Our decision on {deal}',
    mood: 'negative',
    texts: [
      'Hello {usFirst},\n\nI am sorry to tell you that we will not go on with {deal} this year. You did everything right; it was decided above me. Let us talk again in spring.\n\n{first}',
    ],
  },
  {
    stage: 'lost',
    way: 'email',
    from: 'us',
    subject: null,
    mood: 'neutral',
    texts: [
      'Hello {first},\n\nthank you for telling me so openly. May I write to you again in March? I keep the estimate for you.\n\n{us}',
    ],
  },
]
