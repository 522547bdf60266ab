export { presenceModule } from './module.ts'
export { moodForReply } from './state.service.ts'
