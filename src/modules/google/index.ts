export { googleErrors } from './google.errors.ts'
export { googleModule } from './module.ts'
