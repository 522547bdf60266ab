/** A talk with a personality; {words} stand for a deal or customer that exists. */
export type Talk = {
  personality: string
  title: string
  /** What it is about: an open deal, a lost or won one, or nothing of the kind. */
  about: 'open' | 'won' | 'lost' | 'house'
  lines: readonly string[]
}

/** The user speaks first, then the two take turns. */
export const TALKS: readonly Talk[] = [
  {
    personality: 'robbie-f',
    title: 'Where {deal} stands',
    about: 'open',
    lines: [
      'Where do we stand with {company}?',
      '{deal} is in the stage {stage}, worth {amount}. {contact} is your person there. The next step is to {next}.',
      'What could go wrong?',
      '{risk} I would ask {first} about it before the next meeting, and not after.',
      'Good. Remind me the day before.',
      'Done. And you promised yourself to call before ten; {first} is in meetings after that.',
    ],
  },
  {
    personality: 'robbie-f',
    title: 'Prepare the talk with {company}',
    about: 'open',
    lines: [
      'I see {contact} of {company} soon. What do I need to know?',
      'They run {count} {sites} around {city}, and {pain}. What struck them most was that {finding}. {deal} is at {amount}.',
      'Give me one opening sentence.',
      '“{first}, last time we found that {finding}. What has it cost you since?” Then be quiet and listen.',
    ],
  },
  {
    personality: 'robbie-m',
    title: 'Forecast of {company}',
    about: 'open',
    lines: [
      'Can I commit {deal} for this quarter?',
      'Not yet. It stands in {stage}. Deals of that kind that closed had a written decision date; this one has none. Keep it below commit.',
      'What would change that?',
      'A date from {contact} in writing, and an answer to this: {risk}',
    ],
  },
  {
    personality: 'steve-jobs',
    title: 'The proposal for {company} is too long',
    about: 'open',
    lines: [
      'Here is the proposal for {company}: eleven pages on {deal}.',
      'Nobody reads eleven pages. They have one problem: {pain}. Page one: that sentence and a number. Page two: what you do. Stop there.',
      'And the technical annex?',
      'Send it when they ask. If they never ask, you saved nine pages of their life.',
    ],
  },
  {
    personality: 'bookkeeper',
    title: 'Invoice for {company}',
    about: 'won',
    lines: [
      '{deal} with {company} is signed. What do we invoice, and when?',
      '{amount} in two halves: the first on signature, the second after the first report. I noted both dates for Elena.',
      'Has the first half been sent?',
      'It is on Elena’s list with the hand-over to Jonas. Nothing of {company} is overdue.',
    ],
  },
  {
    personality: 'kristina',
    title: 'Thank {first} of {company}',
    about: 'won',
    lines: [
      'Write two sentences to {contact}, they signed {deal}.',
      '“Dear {first}, thank you for the trust. Your engineers will see ours next week, and the first report comes four weeks later.”',
      'Perfect, send it.',
      'I put it into your drafts; you send what carries your name.',
    ],
  },
  {
    personality: 'allanbot',
    title: 'Why we lost {deal}',
    about: 'lost',
    lines: [
      '{company} said no to {deal}. What do I learn?',
      'They gave the reason: {reason} Going by how you decided before, you would keep the estimate and write again in spring.',
      'Was the price the problem?',
      'No. You were never asked for less before the end. What was missing was somebody above {contact} who wanted it.',
    ],
  },
  {
    personality: 'gatekeeper',
    title: 'What may wait today',
    about: 'house',
    lines: [
      'I have two hours. What may wait?',
      'The newsletter and the coffee machine may wait. Whoever asked for terms in writing may not.',
      'I prefer to write proposals before nine in the morning.',
      'Then I keep seven to nine free and answer for you until then.',
    ],
  },
  {
    personality: 'robbie-f',
    title: 'The Monday round',
    about: 'house',
    lines: [
      'What do I say in the Monday round?',
      'Three things: which promises are due this week, which deals have no next step, and thank Priya for the night-load view.',
      'I always forget to thank people.',
      'I know. That is why it comes last: it is what they remember.',
    ],
  },
]
