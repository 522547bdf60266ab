export { knowledgeModule } from './module.ts'
