export { memoryModule } from './module.ts'
export { seedNoteCategories } from './note-categories.ts'
