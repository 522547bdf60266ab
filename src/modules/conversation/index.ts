export { countVisible } from './conversation.queries.ts'
export { forgetQuotes } from './conversation.service.ts'
export { conversationModule } from './module.ts'
