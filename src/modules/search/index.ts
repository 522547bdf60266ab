export { searchModule } from './module.ts'
export { cutText, RECALLED_CHARACTERS, recalledOutput, toRecalled, type Recalled } from './recalled.ts'
export {
  findEntries,
  lockPresent,
  putCall,
  putEntries,
  RECALLABLE_KINDS,
  removeEntries,
  type FindRequest,
  type Found,
  type IndexEntry,
  type RecallableKind,
} from './search.queries.ts'
