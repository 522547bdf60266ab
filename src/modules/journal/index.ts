export { claimKey, hashRequest, lockReply, storePrepared, storeReply } from './idempotency.queries.ts'
export { listAudit, listEvents, verifyAudit, type JournalFilter } from './journal.queries.ts'
export { journalModule } from './module.ts'
export {
  erase,
  reclassifyJournal,
  record,
  recordAs,
  recordAll,
  recordCall,
  type Change,
  type Origin,
} from './record.queries.ts'
export { readEvents, readHead, EVENTS_CHANNEL, type StreamedEvent } from './stream.queries.ts'
