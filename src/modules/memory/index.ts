export { memoryModule } from './module.ts'
