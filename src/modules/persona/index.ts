export { attractionInput, gandhiGenghisInput, keywordsInput, MOODS, moodInput } from './mood.ts'
export { moodEventOutput, toMoodEvent } from './mood-events.operations.ts'
export { personaModule } from './module.ts'
export {
  getPersonality,
  getPersonalityById,
  getSliders,
  recordMoodChange,
  type MoodChange,
  type Sliders,
} from './persona.service.ts'
export {
  callMood,
  findActivePrompt,
  listMoodKeywords,
  listPersonalityIds,
  listPersonalitySlugs,
  saveInstance,
  type ActivePrompt,
  type PersonalityRow,
} from './personality.queries.ts'
export { refreshShipped, seedPersonas, type Founding } from './seed.service.ts'
export type { MoodName } from './shipped/shipped.ts'
