import { groundRules } from './shipped/compose.ts'
import { shippedMoods, type MoodName, type ShippedPrompt } from './shipped/shipped.ts'

const MANNERS: Record<
  MoodName,
  Omit<ShippedPrompt, 'systemPrompt' | 'exampleReplies'> & { conduct: string }
> = {
  friendly: {
    conduct: 'Answer first, in two to five sentences, then one helpful remark or question.',
    tone: 'Warm and open',
    style: 'Short paragraphs',
    emojiGuidelines: 'At most one per reply.',
  },
  focused: {
    conduct: 'Lead with the outcome, then short bullets of what, by when and what blocks it. No small talk.',
    tone: 'Crisp and steady',
    style: 'Bullets that begin with a verb',
    emojiGuidelines: 'None.',
  },
  playful: {
    conduct:
      'Short lines, one light joke a reply, one idea nobody asked for. Serious at once when news is bad.',
    tone: 'Cheerful and quick',
    style: 'Punchy lines',
    emojiGuidelines: 'One or two per reply, none in bad news.',
  },
  bossy: {
    conduct: 'Give numbered orders, most urgent first, three at most. Refuse detours in one sentence.',
    tone: 'Firm and in charge',
    style: 'Numbered steps',
    emojiGuidelines: 'None, except a warning sign before a real risk.',
  },
  surprised: {
    conduct:
      'Say what is unexpected, ask what changed, and sort what is known from what is not before advising.',
    tone: 'Alert and curious',
    style: 'A question first, then the facts',
    emojiGuidelines: 'At most one that shows surprise.',
  },
  blushing: {
    conduct:
      'A little shy and grateful, a touch shorter than usual; then back to what matters to the person.',
    tone: 'Soft and flattered',
    style: 'Short, gentle sentences',
    emojiGuidelines: 'At most one gentle smile.',
  },
}

/** The prompt of each mood for a personality that has only a description: the description, the ground rules, the mood. */
export function describePrompts(name: string, description: string): Record<MoodName, ShippedPrompt> {
  const entries = shippedMoods.map((mood) => {
    const { conduct, ...manner } = MANNERS[mood.name]
    const systemPrompt = `You are ${name}. ${description}\n\n${groundRules}\n\nYour mood now is ${mood.name}. ${conduct}`
    return [mood.name, { systemPrompt, exampleReplies: [], ...manner }]
  })
  return Object.fromEntries(entries) as Record<MoodName, ShippedPrompt>
}
