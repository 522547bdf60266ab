export { townModule } from './module.ts'
