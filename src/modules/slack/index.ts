export { slackModule } from './module.ts'
