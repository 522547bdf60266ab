import { allanbot } from './allanbot.ts'
import { bookkeeper } from './bookkeeper.ts'
import type { CategorySlug, ShippedPersonality } from './compose.ts'
import { gatekeeper } from './gatekeeper.ts'
import { kristina } from './kristina.ts'
import { robbieF } from './robbie-f.ts'
import { robbieM } from './robbie-m.ts'
import { steveJobs } from './steve-jobs.ts'

export type { CategorySlug, ShippedPersonality, ShippedPrompt } from './compose.ts'
export type { MoodName, ShippedMood, TriggerCondition } from './moods.ts'
export { shippedMoods } from './moods.ts'

/** A group of personalities as lists show it. */
export type ShippedCategory = { slug: CategorySlug; name: string; description: string; displayOrder: number }

/** The shipped categories in display order. */
export const shippedCategories: readonly ShippedCategory[] = [
  {
    slug: 'robbie',
    name: 'Robbie',
    description:
      'The core copilot: keeps promises, deals and the day in view, and talks with you about them.',
    displayOrder: 1,
  },
  {
    slug: 'mentors',
    name: 'Mentors',
    description:
      'Advisers with a point of view: they question, teach and sharpen a decision that stays yours.',
    displayOrder: 2,
  },
  {
    slug: 'pros',
    name: 'Pros',
    description: 'Specialists for one job each, such as keeping the books or guarding your attention.',
    displayOrder: 3,
  },
]

/** The shipped personalities, grouped by category in display order. */
export const shippedPersonalities: readonly ShippedPersonality[] = [
  robbieF,
  robbieM,
  steveJobs,
  allanbot,
  kristina,
  bookkeeper,
  gatekeeper,
]
