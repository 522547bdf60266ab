export { linkedinErrors } from './linkedin.errors.ts'
export { linkedinModule } from './module.ts'
