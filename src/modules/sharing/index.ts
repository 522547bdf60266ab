export { sharingModule } from './module.ts'
