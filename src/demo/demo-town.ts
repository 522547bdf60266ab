import { demoErrors } from './demo.errors.ts'
import { TownFiller, type Call, type Filled } from './fill-town.ts'
import { DEFAULT_SEED, makeDemo, MARK, type DemoChoice } from './make-demo.ts'
import { GIVEN, me, ref, type Item } from './step.ts'
import { STAGES } from './words/beats.ts'

/** What was filled in, step by step; `choice` is what is in the town now. */
export type DemoReport = { town: { slug: string }; choice: DemoChoice; filled: Filled[]; isChanged: boolean }

export type DemoTask = {
  /** Calls operations in the town, as an admin of it. */
  call: Call
  /** What is asked for; the rest is that of the demo which is there, else seed 7, today and a whole year. */
  wanted: Partial<DemoChoice>
  today: string
  onProgress?: (done: { label: string; count: number; total: number }) => void
}

/** What a town of its own would have; people who only tried a chat have none of it. */
const BUSINESS = [
  'crm.companies',
  'crm.contacts',
  'crm.deals',
  'crm.interactions',
  'agenda.tasks',
  'agenda.commitments',
  'agenda.calendar',
  'memory.notes',
  'knowledge.articles',
  'knowledge.documents',
  'google.accounts',
  'slack.workspaces',
] as const

/**
 * Fills a town with a year of business. A second run changes nothing. Throws DEMO_TOWN_IN_USE for a town that has data
 * of its own, DEMO_DIFFERS for one that has another demo.
 */
export async function fillWithDemo(task: DemoTask): Promise<DemoReport> {
  const { call, onProgress } = task
  const choice = await chooseFor(task)
  let total = 0
  const filler = new TownFiller(call, (label, count) => onProgress?.({ label, count, total }))
  const town = await knowGiven(filler, call)
  const steps = makeDemo(choice, town.slug)
  total = steps.reduce((sum, { items }) => sum + items.length, 0)
  const filled: Filled[] = []
  for (const step of steps) filled.push(await filler.fill(step))
  return { town, choice, filled, isChanged: filled.some(({ created, updated }) => created + updated > 0) }
}

async function chooseFor({ call, wanted, today }: DemoTask): Promise<DemoChoice> {
  const [mark] = (await listOne(call, 'knowledge.collections', { externalId: MARK })) as {
    metadata: { demo?: DemoChoice }
  }[]
  const there = mark?.metadata.demo
  if (there === undefined) {
    await refuseInUse(call)
    return { seed: DEFAULT_SEED, until: today, size: 'year', ...wanted }
  }
  if (Object.entries(wanted).some(([name, value]) => there[name as keyof DemoChoice] !== value)) {
    const { seed, until, size } = there
    throw demoErrors.DEMO_DIFFERS({
      message: `This town has the demo of seed ${seed} until ${until} (${size}) already. Leave the flags out to complete it, or name another town: --town SLUG.`,
      data: { ...there },
    })
  }
  return there
}

async function refuseInUse(call: Call): Promise<void> {
  for (const found of BUSINESS) {
    if ((await listOne(call, found)).length === 0) continue
    throw demoErrors.DEMO_TOWN_IN_USE({ data: { found } })
  }
}

async function listOne(call: Call, of: string, filter: Item = {}): Promise<Item[]> {
  return ((await call(`${of}.list`, { ...filter, limit: 1 })) as { items: Item[] }).items
}

/** Makes known whoever runs it, the personalities, and the stages of the shipped pipeline; answers the town. */
async function knowGiven(filler: TownFiller, call: Call): Promise<{ slug: string }> {
  const { userId, town } = (await call('identity.whoami', {})) as {
    userId: string
    town: { slug: string }
  }
  filler.know(me, userId)
  const personalities = (await call('persona.list', { limit: 100 })) as {
    items: { id: string; slug: string }[]
  }
  for (const { id, slug } of personalities.items) filler.know(ref(GIVEN.personality, slug), id)
  for (const stage of STAGES) {
    const externalId = `shipped:${stage}`
    const [found] = await listOne(call, 'crm.pipeline_stages', { externalId })
    if (!found) {
      throw demoErrors.DEMO_TOWN_IN_USE({
        message: `The pipeline that is shipped has no stage ${stage} here any more. Name another town: --town SLUG.`,
        data: { missing: externalId },
      })
    }
    filler.know(ref(GIVEN.stage, externalId), String(found['id']))
  }
  return { slug: town.slug }
}
