export { simulationModule } from './module.ts'
export { seedTemplates } from './seed.service.ts'
