export { countVisible } from './conversation.queries.ts'
export { countPendingReplies } from './conversation.service.ts'
export { conversationModule } from './module.ts'
export { OFFLINE_MODEL, quoteOf } from './offline-responder.ts'
