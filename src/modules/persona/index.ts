export { attractionInput, gandhiGenghisInput, keywordsInput, MOODS, moodInput } from './mood.ts'
export { moodEventOutput, toMoodEvent } from './mood-events.operations.ts'
export { recordMoodChange } from './mood-change.service.ts'
export { personaModule } from './module.ts'
export {
  getPersonality,
  getPersonalityById,
  getSliders,
  requireActive,
  type Sliders,
} from './persona.service.ts'
export {
  callMood,
  listMoodKeywords,
  listPersonalityIds,
  listPersonalitySlugs,
  saveInstance,
  type PersonalityRow,
} from './personality.queries.ts'
export { refreshShipped, seedPersonas, type Founding } from './seed.service.ts'
export type { MoodName } from './shipped/shipped.ts'
