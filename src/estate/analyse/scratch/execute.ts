import { isRelease } from '../grouping.ts'
import type { Source } from '../inventory/estate-file.ts'
import type { SqlStatement } from '../inventory/statement.ts'
import type { Place } from '../simulate/state.ts'
import { heal, type Elsewhere, type Healing } from './heal.ts'
import { prepare } from './prepare.ts'
import { ScratchLost, type Scratch, type ScratchRunner } from './scratch.ts'
import { isArtefact, wantedOf, type SqlFailure, type Wanted } from './sql-failure.ts'
import { Unjudged } from './unjudged.ts'

/** A statement of a source that did not work when its turn came. */
export type Failed = {
  /** Its number in the source, from 0. */
  at: number
  place: Place
  statement: SqlStatement
  failure: SqlFailure
  wanted: Wanted | null
  /** It works when it is tried again after all others. */
  worksLater: boolean
}

/** What became of the statements of a source, run one after another in an empty database. */
export type Execution = {
  source: string
  executed: number
  failed: Failed[]
  /** What was made so that a statement could go on, and for which statement first. */
  healed: (Healing & { place: Place })[]
  /** Statements that could not be tried here, and why. */
  notRun: { place: Place; why: string }[]
}

type Step = { at: number; place: Place; statement: SqlStatement; isNewFile: boolean }

/** As often as the engine may end under a source before its rest is left alone. */
const MOST_ENDS = 3
/** What one statement may need that is not there. */
const MOST_HEALINGS = 8

/** Runs a source in the scratch database. Nothing of it stays. */
export async function execute(scratch: Scratch, source: Source, elsewhere: Elsewhere): Promise<Execution> {
  // The script of an extension runs as a part of it, with its library.
  if (source.files.every(({ path }) => isRelease(path)))
    return { source: source.name, executed: 0, failed: [], healed: [], notRun: [] }
  const left = new Map<number, string>()
  for (let ends = 0; ; ends++) {
    const run = new Run(source, elsewhere, left)
    try {
      return await scratch.inEmpty((runner) => run.all(runner))
    } catch (error) {
      if (!(error instanceof ScratchLost) && ends >= MOST_ENDS) throw error
      left.set(run.current, (error as Error).message)
      if (ends >= MOST_ENDS)
        for (const { at } of stepsOf(source))
          if (at >= run.current) left.set(at, 'the engine ended too often')
    }
  }
}

class Run {
  readonly #source: Source
  readonly #elsewhere: Elsewhere
  readonly #left: ReadonlyMap<number, string>
  readonly #execution: Execution
  readonly #unjudged = new Unjudged()
  /** The statement that is being run. */
  current = 0

  constructor(source: Source, elsewhere: Elsewhere, left: ReadonlyMap<number, string>) {
    this.#source = source
    this.#elsewhere = elsewhere
    this.#left = left
    this.#execution = { source: source.name, executed: 0, failed: [], healed: [], notRun: [] }
  }

  async all(runner: ScratchRunner): Promise<Execution> {
    for (const name of await prepare(runner, this.#source)) this.#unjudged.standIn(name)
    for (const step of stepsOf(this.#source)) {
      this.current = step.at
      if (step.isNewFile) await runner.run('reset all')
      await this.#one(runner, step)
    }
    await this.#again(runner)
    return this.#execution
  }

  async #one(runner: ScratchRunner, step: Step): Promise<void> {
    const { statement } = step
    const why = this.#left.get(step.at) ?? whyNot(statement)
    if (why === '') return
    if (why !== null) {
      this.#leave(step, why)
      return
    }
    if (statement.error) {
      const failure = { code: '42601', message: statement.error.message, detail: null }
      if (this.#unjudged.covers(statement, failure, null)) this.#leave(step, failure.message)
      else this.#fail(step, failure, null)
      return
    }
    this.#execution.executed += 1
    const { failure, isElsewhere } = await this.#tryHealing(runner, step)
    if (!failure) return
    const wanted = wantedOf(failure)
    if (isArtefact(failure) || isElsewhere || this.#unjudged.covers(statement, failure, wanted))
      this.#leave(step, failure.message)
    else this.#fail(step, failure, wanted)
  }

  #leave({ place, statement }: Step, why: string): void {
    this.#execution.notRun.push({ place, why })
    this.#unjudged.lose(statement)
  }

  /** Runs it, and makes what it needs and what is known to come from somewhere else, until it works or cannot. */
  async #tryHealing(runner: ScratchRunner, { statement, place }: Step) {
    const text = runnableOf(statement)
    for (let count = 0; ; count++) {
      const failure = await runner.run(text)
      const wanted = failure && wantedOf(failure)
      if (!failure || !wanted || count >= MOST_HEALINGS) return { failure, isElsewhere: false }
      const healing = await heal(runner, wanted, { elsewhere: this.#elsewhere, source: this.#source.name })
      if (healing === 'elsewhere') return { failure, isElsewhere: true }
      if (healing === null) return { failure, isElsewhere: false }
      if (healing.made === 'table') this.#unjudged.standIn(healing.name)
      this.#execution.healed.push({ ...healing, place })
    }
  }

  #fail({ at, place, statement }: Step, failure: SqlFailure, wanted: Wanted | null): void {
    this.#execution.failed.push({ at, place, statement, failure, wanted, worksLater: false })
  }

  /** Tries what failed again, as long as anything of it works: it stands in the wrong order. */
  async #again(runner: ScratchRunner): Promise<void> {
    let waiting = this.#execution.failed.filter(({ wanted }) => wanted !== null && wanted.kind !== 'taken')
    for (let worked = 1; worked > 0;) {
      worked = 0
      for (const failed of waiting) {
        this.current = failed.at
        failed.worksLater = (await runner.run(runnableOf(failed.statement))) === null
        if (failed.worksLater) worked += 1
      }
      waiting = waiting.filter(({ worksLater }) => !worksLater)
    }
  }
}

function stepsOf(source: Source): Step[] {
  const steps: Step[] = []
  for (const file of source.files) {
    file.statements.forEach((statement, index) => {
      const place = { source: source.name, file: file.path, line: statement.line }
      steps.push({ at: steps.length, place, statement, isNewFile: index === 0 })
    })
  }
  return steps
}

/** Why a statement is not run: '' for one that would do nothing to a schema. */
function whyNot(statement: SqlStatement): string | null {
  if (statement.isTooLong) return 'too long to be tried'
  if (/^set\s+(session\s+|local\s+)?(role|session\s+authorization)\b/i.test(statement.runnable)) return ''
  // It works in the script of an extension alone.
  if (/\bpg_extension_config_dump\b/.test(statement.runnable.slice(0, 200))) return ''
  // Its data is not here, and the engine would wait for it.
  if (/^copy\b/i.test(statement.runnable)) return ''
  if (statement.facts.some(({ fact }) => fact === 'transaction')) return ''
  if (statement.facts.some(({ fact }) => fact === 'cluster')) return 'changes the whole cluster'
  return null
}

/** Nobody else is there whom building an index could stop, and in a transaction it may not be done beside others. */
function runnableOf({ runnable, facts }: SqlStatement): string {
  const isConcurrent = facts.some((fact) => fact.fact === 'index' && fact.isConcurrent)
  return isConcurrent || /^(drop|refresh|reindex)\b/i.test(runnable)
    ? runnable.replace(/\bconcurrently\b/i, '')
    : runnable
}
