import { fillWithDemo, type DemoReport } from '../../demo/demo-town.ts'
import { DEFAULT_SEED, SIZES, type DemoChoice } from '../../demo/make-demo.ts'
import { kernelErrors } from '../../kernel/errors.ts'
import { safeJson } from '../../kernel/safe-text.ts'
import { isOn, JSON_FLAG, valueOf, withHomeDoor, type Command, type Surroundings } from '../command.ts'
import { DemoProgress } from '../demo/progress.ts'
import { inTown } from '../demo/town-door.ts'
import { usage, type ParsedFlags } from '../flags.ts'
import { renderTable } from '../render.ts'
import { EXIT } from '../report-error.ts'
import { writeLine } from '../terminal.ts'

export const demoCommand: Command = {
  name: 'demo',
  usage: '[--town SLUG] [--seed N] [--until DAY]',
  summary: 'Fills an empty town with a made-up year of business, to try things with. Twice is fine.',
  flags: [
    { name: 'town', kind: 'value', placeholder: 'SLUG', summary: 'The town to fill; made if there is none.' },
    {
      name: 'seed',
      kind: 'value',
      placeholder: 'N',
      summary: `The same number makes the same data; ${DEFAULT_SEED} when left out.`,
    },
    {
      name: 'until',
      kind: 'value',
      placeholder: 'DAY',
      summary: 'The day the year ends at, as in 2026-05-17; today when left out.',
    },
    { name: 'size', kind: 'value', placeholder: 'SIZE', summary: 'year, or sample for a tenth of it.' },
    { ...JSON_FLAG, summary: 'Print what was made as JSON.' },
  ],
  run: async (flags, surroundings) => {
    const { terminal } = surroundings
    const today = terminal.clock.now().toISOString().slice(0, 10)
    const wanted = readChoice(flags, today)
    const town = readTown(flags)
    const isJson = isOn(flags, 'json')
    const isQuiet = isJson && !terminal.stderr.isTTY
    const progress = new DemoProgress({ output: isQuiet ? silent : terminal.stderr, clock: terminal.clock })
    const report = await withHomeDoor(surroundings, 'demo', (door, signal) =>
      inTown(
        { door, operations: surroundings.host.operations, clock: terminal.clock, signal },
        town,
        async (call, isOther) => ({
          ...(await fillWithDemo({ call, wanted, today, onProgress: (done) => progress.add(done) })),
          isOther,
        }),
      ).catch((error: unknown) => {
        throw signal.aborted ? stopped(error) : error
      }),
    ).finally(() => progress.end())
    const { isOther, ...told } = report
    const seconds = progress.seconds()
    const text = isJson ? safeJson({ ...told, seconds }) : describe(told, { seconds, isOther })
    await writeLine(terminal.stdout, text)
    return EXIT.ok
  },
}

const silent = { isTTY: false, write: () => true } as unknown as Surroundings['terminal']['stderr']

function stopped(cause: unknown) {
  const message = 'Stopped before the end. Run the same command again: it goes on where it was.'
  return kernelErrors.CANCELLED({ message, cause })
}

const MOST_SEED = 2 ** 32 - 1

function readChoice(flags: ParsedFlags, today: string): Partial<DemoChoice> {
  const [surplus] = flags.positionals
  if (surplus !== undefined) throw usage(`demo takes no argument, and got ${JSON.stringify(surplus)}.`)
  const [seed, until, size] = ['seed', 'until', 'size'].map((name) => valueOf(flags, name))
  if (seed !== undefined && (!/^\d{1,10}$/.test(seed) || Number(seed) > MOST_SEED)) {
    throw usage(`--seed is a whole number from 0 to ${MOST_SEED}, not ${JSON.stringify(seed)}.`)
  }
  if (until !== undefined && !isDay(until)) {
    throw usage(`--until is a day, as in 2026-05-17, not ${JSON.stringify(until)}.`)
  }
  if (until !== undefined && until > today)
    throw usage('--until is today or earlier: the year is over by then.')
  if (size !== undefined && !Object.hasOwn(SIZES, size)) {
    throw usage(`--size is year or sample, not ${JSON.stringify(size)}.`)
  }
  return {
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(until === undefined ? {} : { until }),
    ...(size === undefined ? {} : { size: size as DemoChoice['size'] }),
  }
}

/** Years of four digits from 1971, so that the year before is one too. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '1971') return false
  const at = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

function readTown(flags: ParsedFlags): string | null {
  const town = valueOf(flags, 'town')
  if (town === undefined) return null
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(town) && town.length <= 60) return town
  throw usage(
    `--town is a short name of small letters, digits and single hyphens, not ${JSON.stringify(town)}.`,
  )
}

function describe(report: DemoReport, { seconds, isOther }: { seconds: number; isOther: boolean }): string {
  const { choice, town, filled, isChanged } = report
  const rows = filled.map(({ label, created, updated, unchanged }) =>
    [label, created, updated, unchanged].map(String),
  )
  const { seed, until, size } = choice
  return [
    renderTable(['what', 'new', 'set back', 'as it was'], rows),
    '',
    isChanged
      ? `The town ${town.slug} has its demo: seed ${seed}, until ${until}, ${size}. It took ${seconds.toFixed(0)} s.`
      : `Nothing was changed: the town ${town.slug} has this demo already (seed ${seed}, until ${until}, ${size}).`,
    '',
    ...whatNext(town.slug, isOther),
  ].join('\n')
}

/** A key of the caller opens one town: for another one they make themselves a key first. */
function whatNext(slug: string, isOther: boolean): string[] {
  const other = isOther
    ? [
        `A key opens one town. For this one: robbieverse identity keys create --name ${slug} --town ${slug}`,
        'and put the key into ROBBIEVERSE_API_KEY.',
      ]
    : []
  return [
    ...other,
    'Try',
    '  robbieverse insight pipeline-by-stage',
    '  robbieverse agenda attention top',
    '  robbieverse search find --q "savings estimate"',
    '  robbieverse crm deals list --status open --sort expectedCloseOn',
    '  robbieverse chat --message "What did I promise?"',
  ]
}
