export { crmModule } from './module.ts'
export { seedCrm } from './seed.service.ts'
