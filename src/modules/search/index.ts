export { declareKind, kindInput } from './kinds.ts'
export { searchModule } from './module.ts'
export { cutText, RECALLED_CHARACTERS, recalledOutput, toRecalled, type Recalled } from './recalled.ts'
export {
  findEntries,
  lockPresent,
  putCall,
  putEntries,
  reclassifyEntries,
  removeEntries,
  type FindRequest,
  type Found,
  type IndexEntry,
} from './search.queries.ts'
