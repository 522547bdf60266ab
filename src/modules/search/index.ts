export { searchModule } from './module.ts'
export { recalledOutput, toRecalled, type Recalled } from './recalled.ts'
export {
  findEntries,
  putCall,
  putEntries,
  RECALLABLE_KINDS,
  removeEntries,
  type FindRequest,
  type Found,
  type IndexEntry,
  type RecallableKind,
} from './search.queries.ts'
