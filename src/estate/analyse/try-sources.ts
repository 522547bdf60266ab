import { variantsOf, type Estate } from './estate.ts'
import { naturesOf } from './kinship.ts'
import type { Tell } from './progress.ts'
import { elsewhereOf, knownIn } from './scratch/elsewhere.ts'
import { execute, type Execution } from './scratch/execute.ts'
import { rootsOf } from './scratch/roots.ts'
import type { Scratch } from './scratch/scratch.ts'
import { simulate } from './simulate/simulate.ts'
import { groupIntoSources } from './sources.ts'

/** What is known before anything is followed or tried. */
export type Read = Pick<Estate, 'files' | 'tools' | 'live' | 'services'>

/** Follows the statements of each source, and tries them in the scratch database; null tries nothing. */
export async function trySources(
  read: Read,
  { scratch, signal, tell }: { scratch: Scratch | null; signal: AbortSignal; tell: Tell },
): Promise<Estate> {
  const sources = groupIntoSources(read.files)
  const simulated = sources.map(simulate)
  const natures = naturesOf(sources, simulated)
  const elsewhere = elsewhereOf(simulated, sources, natures)
  const executions: Execution[] = []
  for (const [at, source] of scratch ? sources.entries() : []) {
    signal.throwIfAborted()
    tell('trying', at, sources.length)
    executions.push(await execute(scratch!, source, elsewhere))
  }
  const isKnown = knownIn(simulated)
  const roots = executions.flatMap((execution, at) => rootsOf(execution, simulated[at]!, isKnown))
  return { ...read, sources, simulated, executions, roots, variants: variantsOf(simulated, natures) }
}
