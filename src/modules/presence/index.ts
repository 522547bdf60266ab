export { presenceModule } from './module.ts'
export { moodForReply, readState } from './state.service.ts'
