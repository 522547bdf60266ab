import { defineErrors } from '../../kernel/errors.ts'

export const memoryErrors = defineErrors({
  MEMORY_NOT_FOUND: { status: 404, message: 'There is no memory of that id that you may see.' },
  MEMORY_VERSION_STALE: {
    status: 409,
    message: 'The memory was changed meanwhile. Read it again and repeat your change on its new version.',
  },
  MEMORY_EVIDENCE_UNKNOWN: {
    status: 422,
    message: 'The evidence names a message that is not one you may see.',
  },
  MEMORY_VALIDITY: { status: 422, message: 'validFrom must not be after validTo.' },
  NOTE_CATEGORY_UNKNOWN: {
    status: 422,
    message: 'There is no category of that name for notes. memory.categories.list shows those there are.',
  },
  NOTE_CATEGORY_TAKEN: { status: 409, message: 'There is a category of that name already.' },
  NOTE_LOCKED: {
    status: 409,
    message: 'The note is locked: only whoever made it may change it, until it is unlocked.',
  },
  NOTE_LOCK_OWNER: { status: 403, message: 'Only whoever made a note, or an admin, may lock or unlock it.' },
  NOTE_RELATED: { status: 422, message: 'relatedId needs relatedKind, which says what it names.' },
  NOTE_LINK_TAKEN: { status: 409, message: 'That file belongs to the note already.' },
  NOTE_PATTERN_TAKEN: { status: 409, message: 'There is a pattern of that type already. Change that one.' },
  NOTE_PATTERN_COUNTS: { status: 422, message: 'successCount must not exceed usageCount.' },
  NOTE_SURFACE_OWNER: { status: 403, message: 'Only the person a note surfaced to says what came of it.' },
})
