import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { memoryOperations } from './memory.operations.ts'
import { noteCategories } from './note-categories.ts'
import { noteHistory, noteLinks, notePatterns, noteSurfaces, noteTriggers } from './note-parts.ts'
import { noteOperations } from './notes.operations.ts'
import { notes } from './notes.ts'
import { workingMemory } from './working-memory.ts'

const resources = [
  workingMemory,
  noteCategories,
  notes,
  noteHistory,
  noteSurfaces,
  noteLinks,
  noteTriggers,
  notePatterns,
]

/** What is remembered, what a personality has in mind, and notes. */
export const memoryModule: Module = {
  name: 'memory',
  dependsOn: ['identity', 'journal', 'search', 'persona', 'conversation'],
  tables: [
    { name: 'ai_memories', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_memory_evidence', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_working_memory', kind: 'tenant', distribution: 'distributed' },
    { name: 'sticky_categories', kind: 'tenant', distribution: 'distributed' },
    { name: 'sticky_notes', kind: 'tenant', distribution: 'distributed' },
    { name: 'sticky_notes_history', kind: 'tenant', distribution: 'distributed' },
    { name: 'sticky_notes_favorites', kind: 'tenant', distribution: 'distributed' },
    { name: 'sticky_note_surfaces', kind: 'tenant', distribution: 'distributed' },
    { name: 'context_triggers', kind: 'tenant', distribution: 'distributed' },
    { name: 'sticky_note_learning', kind: 'tenant', distribution: 'distributed' },
    { name: 'google_workspace_links', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...memoryOperations, ...noteOperations, ...operationsOf(resources)]
  },
  sql: new URL('./sql/', import.meta.url),
}
