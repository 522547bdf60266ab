export { foundHome, refreshTowns, replaceOwnerKey } from './found.service.ts'
export { platformModule } from './module.ts'
export { readSizes } from './sizes.queries.ts'
