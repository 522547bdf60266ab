import type { EstateFile, Source } from '../inventory/estate-file.ts'
import { byCodePoint } from '../code-point-order.ts'
import { compareNumbers } from '../sources.ts'
import type { Claim, LiveLedger } from './live-database.ts'

/** What a ledger says beside the files. Versions are as the tool writes them, files as the report names them. */
export type LedgerFiles = {
  ledger: LiveLedger
  /** Sources whose files it notes. */
  sources: string[]
  failed: string[]
  /** Noted as applied, and no file of it is here. */
  withoutFile: string[]
  /** Files that it notes as run. */
  applied: string[]
  /** Numbered files of these sources that it does not note. */
  notApplied: string[]
}

/** Compares each ledger with the files. */
export function ledgerFilesOf(ledgers: readonly LiveLedger[], sources: readonly Source[]): LedgerFiles[] {
  return ledgers.map((ledger) => {
    const { match, claims } = ledger
    const failed = claims.filter(({ state }) => state === 'failed').map(({ version }) => version)
    const own = match === 'none' ? [] : sourcesOf(ledger, sources)
    const files = own.flatMap((source) => source.files.map((file) => ({ file, source })))
    const isAnywhere = (claim: Claim) => files.some(({ file, source }) => isOf(claim, ledger, file, source))
    const claimsOf = ({ file, source }: { file: EstateFile; source: Source }) =>
      claims.filter((claim) => isNoted(claim, ledger, file, source))
    return {
      ledger,
      sources: own.map(({ name }) => name),
      failed,
      withoutFile:
        own.length === 0
          ? []
          : claims
              .filter((claim) => claim.state === 'applied' && isSql(claim) && !isAnywhere(claim))
              .map(({ version }) => version),
      applied: pathsOf(files.filter((one) => claimsOf(one).some(({ state }) => state === 'applied'))),
      notApplied: pathsOf(
        files.filter((one) => one.source.numbers.has(one.file.path) && claimsOf(one).length === 0),
      ),
    }
  })
}

/** The sources that a ledger is about. Bare numbers fit any folder: of those the one that fits best. */
function sourcesOf(ledger: LiveLedger, sources: readonly Source[]): Source[] {
  const fits = sources.map((source) => ({
    source,
    count: ledger.claims.filter((claim) => source.files.some((file) => isOf(claim, ledger, file, source)))
      .length,
  }))
  const fitting = fits.filter(({ count }) => count > 0)
  if (ledger.match === 'hash' || !ledger.claims.some(({ version }) => isNumber(version)))
    return fitting.map(({ source }) => source)
  const most = Math.max(...fitting.map(({ count }) => count))
  return fitting
    .filter(({ count }) => count === most)
    .map(({ source }) => source)
    .slice(0, 1)
}

const isNumber = (version: string) => /^\d+(?:[._]\d+)*$/.test(version)

/** A claim of a script in a programming language has a file that is not looked at. */
const isSql = ({ version, isUpTo }: Claim) =>
  !isUpTo && !/\.(?!sql$)[a-z]{2,5}$/i.test(version) && !/^\w+(\.\w+)*\.V\d+__\w+$/.test(version)

const pathsOf = (files: { file: EstateFile }[]) => files.map(({ file }) => file.path).toSorted(byCodePoint)

function isNoted(claim: Claim, ledger: LiveLedger, file: EstateFile, source: Source): boolean {
  if (isOf(claim, ledger, file, source)) return true
  const number = source.numbers.get(file.path)
  return (
    claim.isUpTo &&
    number !== undefined &&
    isNumber(claim.version) &&
    compareNumbers(number, claim.version) <= 0
  )
}

/** Whether a claim is of this file. */
function isOf({ version }: Claim, { match }: LiveLedger, file: EstateFile, source: Source): boolean {
  if (match === 'hash') return file.hash === version
  const number = source.numbers.get(file.path)
  if (isNumber(version)) return number !== undefined && compareNumbers(number, version) === 0
  const wanted = version
    .replaceAll('\\', '/')
    .replace(/^classpath:\/?/, '')
    .split('/')
  const parts = file.path.split('/')
  const stems = [stemOf(parts.at(-1)!), ...(isNested(parts.at(-1)!) ? [parts.at(-2)] : [])]
  // What stands before the name are folders of it: `memory/0001_places`.
  return stems.includes(stemOf(wanted.at(-1)!)) && wanted.slice(0, -1).every((part) => parts.includes(part))
}

const stemOf = (name: string) => name.replace(/\.sql$/i, '').replace(/\.up$/i, '')
const isNested = (name: string) => /^(migration|up|deploy|schema)\.sql$/i.test(name)
