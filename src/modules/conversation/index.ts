export { countVisible } from './conversation.queries.ts'
export { countPendingReplies, forgetQuotes } from './conversation.service.ts'
export { conversationModule } from './module.ts'
