import { randomUUID } from 'node:crypto'

import type { Door } from '../../doors/door.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RobbieError } from '../../kernel/errors.ts'
import type { ImportedCharacter, ImportedConversation } from '../../modules/conversation/import/imported.ts'
import { readImport } from '../../modules/conversation/import/read.ts'
import { toPersonality } from './character.ts'
import { toHistory, type History, type HistoryMessage, type Limits } from './history.ts'
import { callPatiently } from '../patient-call.ts'
import type { Progress } from './progress.ts'
import { addSkipped, emptyReport, type FileReport } from './report.ts'

/** Whom conversations belong to that name nobody here. */
const DEFAULT_PERSONALITY = 'robbie-f'

export type ImporterParts = {
  door: Door
  signal: AbortSignal
  clock: Clock
  limits: Limits
  /** Personality of every conversation; null takes the one that a chat names, else Robbie. */
  personality: string | null
  progress: Progress
}

/** Puts exports of other products into the home. A second run of the same file changes nothing. */
export class Importer {
  readonly #parts: ImporterParts
  #slugByName: Map<string, string> | null = null

  constructor(parts: ImporterParts) {
    this.#parts = parts
  }

  /**
   * Imports one file. What single conversations are refused for stands in the report; only what would befall the next
   * one too (a lost database, a key without rights) rejects, with the report so far in `report`.
   */
  async importFile(path: string, report: FileReport = emptyReport(path)): Promise<FileReport> {
    const { progress, signal } = this.#parts
    progress.begin(path)
    const records = readImport(path, { onBytes: (done, total) => progress.bytes(done, total) })
    for await (const record of records) {
      if (signal.aborted) break
      if (record.kind === 'skipped') addSkipped(report, record)
      else await this.#importRecord(record, report)
    }
    return report
  }

  async #importRecord(record: ImportedConversation | ImportedCharacter, report: FileReport): Promise<void> {
    try {
      if (record.kind === 'conversation') await this.#importConversation(record, report)
      else await this.#importCharacter(record, report)
    } catch (error) {
      if (!isAboutThisOne(error)) throw error
      const where =
        record.kind === 'conversation' ? `conversation ${record.externalId}` : `character ${record.name}`
      const fields = error.fields.slice(0, 3).map((field) => `${field.path} ${field.message}`)
      addSkipped(report, { code: error.code, where, reason: [error.message, ...fields].join(' ') })
    }
  }

  async #importConversation(conversation: ImportedConversation, report: FileReport): Promise<void> {
    const { limits, clock, progress } = this.#parts
    const history = toHistory(conversation, limits, clock.now())
    report.conversations.read += 1
    report.messages.read += conversation.messages.length
    for (const altered of history.altered) addSkipped(report, altered)
    if (history.batches.length === 0) return
    const personality = await this.#personalityOf(conversation.characterName)
    const created = await this.#call('conversation.create', { personality, ...history.create })
    report.conversations[created['messageCount'] === 0 ? 'created' : 'alreadyThere'] += 1
    progress.conversations += 1
    await this.#appendAll(String(created['id']), history, report)
  }

  async #appendAll(id: string, history: History, report: FileReport): Promise<void> {
    const { batches, currentLeaf } = history
    for (const [index, messages] of batches.entries()) {
      // Every message it could name is there with the last batch. Whoever went on here stays where they are.
      const isLast = index === batches.length - 1
      await this.#append({ id, messages, ...(isLast && currentLeaf !== null ? { currentLeaf } : {}) }, report)
    }
  }

  async #append(
    input: { id: string; messages: HistoryMessage[]; currentLeaf?: string },
    report: FileReport,
  ): Promise<void> {
    const { progress } = this.#parts
    const answer = (await this.#call('conversation.append', input)) as { added: number; alreadyThere: number }
    report.messages.created += answer.added
    report.messages.alreadyThere += answer.alreadyThere
    progress.messages += input.messages.length
    progress.draw()
  }

  async #importCharacter(character: ImportedCharacter, report: FileReport): Promise<void> {
    report.characters.read += 1
    const { input, altered } = toPersonality(character)
    try {
      const created = await this.#call('persona.create', input)
      report.characters.created += 1
      this.#slugByName?.set(nameKey(character.name), String(created['slug']))
    } catch (error) {
      const isHere = error instanceof RobbieError && error.code === 'PERSONALITY_EXTERNAL_ID_TAKEN'
      if (!isHere) throw error
      report.characters.alreadyThere += 1
    }
    for (const item of altered) addSkipped(report, item)
  }

  async #personalityOf(characterName: string | null): Promise<string> {
    const { personality } = this.#parts
    if (personality !== null) return personality
    if (characterName === null) return DEFAULT_PERSONALITY
    this.#slugByName ??= await this.#readNames()
    return this.#slugByName.get(nameKey(characterName)) ?? DEFAULT_PERSONALITY
  }

  async #readNames(): Promise<Map<string, string>> {
    const names = new Map<string, string>()
    let cursor: unknown
    do {
      const page = await this.#call('persona.list', { limit: 100, ...(cursor ? { cursor } : {}) })
      for (const { name, slug } of page['items'] as { name: string; slug: string }[]) {
        // The oldest keeps the name.
        if (!names.has(nameKey(name))) names.set(nameKey(name), slug)
      }
      cursor = page['nextCursor']
    } while (cursor)
    return names
  }

  async #call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { door, signal } = this.#parts
    const request = { operation, input, credential: null, requestId: randomUUID(), signal, interface: 'cli' }
    return (await callPatiently(door, request)) as Record<string, unknown>
  }
}

function nameKey(name: string): string {
  return name.normalize('NFC').trim().toLowerCase()
}

/** Whether an error says something of the one record and not of all that follow. */
function isAboutThisOne(error: unknown): error is RobbieError {
  if (!(error instanceof RobbieError)) return false
  return [400, 404, 409, 413, 422].includes(error.status) && error.code !== 'PERSONALITY_NOT_FOUND'
}
