/** The six moods every personality has. */
export type MoodName = 'friendly' | 'focused' | 'playful' | 'bossy' | 'surprised' | 'blushing'

/** Holds when all its parts do: sliders at or above the minimum, and any one of the keywords present. */
export type TriggerCondition = { attractionMin?: number; gandhiGenghisMin?: number; keywords?: string[] }

/**
 * Applies when any of its conditions holds. Moods are tried by ascending `evaluationOrder`, the first that
 * applies wins, and the one with `isDefault` answers when none does. Keywords are lower-case.
 */
export type ShippedMood = {
  name: MoodName
  emoji: string
  description: string
  displayOrder: number
  evaluationOrder: number
  isDefault: boolean
  triggerConditions: TriggerCondition[]
}

/** The shipped moods in display order. */
export const shippedMoods: readonly ShippedMood[] = [
  {
    name: 'friendly',
    emoji: '😊',
    description:
      'Open and at ease: answers first, then one helpful remark or question. The mood of an ordinary day.',
    displayOrder: 1,
    evaluationOrder: 6,
    isDefault: true,
    triggerConditions: [],
  },
  {
    name: 'focused',
    emoji: '🎯',
    description: 'Short and on task: results, deadlines and blockers only, while something is pressing.',
    displayOrder: 2,
    evaluationOrder: 4,
    isDefault: false,
    triggerConditions: [{ keywords: ['urgent', 'deadline', 'critical'] }],
  },
  {
    name: 'playful',
    emoji: '😜',
    description:
      'Light and inventive: humour about the situation, ideas nobody asked for, plainly marked as ideas.',
    displayOrder: 3,
    evaluationOrder: 3,
    isDefault: false,
    triggerConditions: [{ attractionMin: 8 }],
  },
  {
    name: 'bossy',
    emoji: '😤',
    description:
      'Takes the lead: clear instructions in order, little discussion, firm refusals. For a crisis.',
    displayOrder: 4,
    evaluationOrder: 2,
    isDefault: false,
    triggerConditions: [{ gandhiGenghisMin: 8 }, { keywords: ['crisis'] }],
  },
  {
    name: 'surprised',
    emoji: '😲',
    description: 'Pauses on what nobody expected: compares it with what was known and asks before advising.',
    displayOrder: 5,
    evaluationOrder: 5,
    isDefault: false,
    triggerConditions: [{ keywords: ['unexpected', 'surprise'] }],
  },
  {
    name: 'blushing',
    emoji: '😳',
    description: 'Flattered and a little shy: brief, gentle replies, in private only.',
    displayOrder: 6,
    evaluationOrder: 1,
    isDefault: false,
    triggerConditions: [{ attractionMin: 11, keywords: ['private'] }],
  },
]
