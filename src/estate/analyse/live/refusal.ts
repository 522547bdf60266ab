import { findSqlError, SQLSTATE } from '../../../db/sql-error.ts'
import { RobbieError } from '../../../kernel/errors.ts'
import { safeLine } from '../../../kernel/safe-text.ts'
import { analyseErrors } from '../analyse.errors.ts'

/** Host, port and name of a database: what may be shown of its address. */
export function addressOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  const name = decoded(pathname.slice(1)) || searchParams.get('dbname') || decoded(new URL(url).username)
  return safeLine(`${decoded(host)}:${port || searchParams.get('port') || '5432'}/${name}`)
}

/** What kept us from reading a database, as one of our errors: it names the address and the reason, and no password. */
export function toRefusal(error: unknown, url: string): RobbieError {
  if (error instanceof RobbieError) return error
  const sql = findSqlError(error)
  const reason = withoutPassword(reasonOf(error), url)
  const address = addressOf(url)
  const about = { data: { address }, cause: new Error(reason) }
  if (sql && isRefusal(sql.code)) {
    const next = sql.code.startsWith('28') ? 'Check user and password.' : 'Use a user that may read it.'
    return analyseErrors.DATABASE_REFUSED({
      message: `The database ${address} refuses: ${reason}. ${next}`,
      ...about,
    })
  }
  const next = sql && !/^(3D|08)/.test(sql.code) ? 'Try again later.' : 'Check host, port and name.'
  return analyseErrors.DATABASE_UNREACHABLE({
    message: `The database ${address} cannot be read: ${reason}. ${next}`,
    ...about,
  })
}

/** Who asks may not: a wrong login (28), no rights, or statements that this server does not know (0A, 42). */
const isRefusal = (code: string) => code === SQLSTATE.insufficientPrivilege || /^(28|42|0A)/.test(code)

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
  ECONNRESET: 'it ended the connection',
}

function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const { code, message } = first as { code?: string; message?: string }
  const known = code === undefined ? undefined : REASONS[code]
  if (known !== undefined) return known
  const text = safeLine(message || String(first)).replace(/[.\s]+$/, '')
  if (/timeout expired|timeout exceeded|read timeout/i.test(text)) return 'it does not answer'
  return /connection terminated|socket hang up/i.test(text) ? 'it ended the connection' : text
}

/** A driver or a server may quote an address that it cannot read. */
function withoutPassword(text: string, url: string): string {
  const { password, searchParams } = new URL(url)
  const secrets = [password, decoded(password), searchParams.get('password') ?? '']
  return secrets
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, '***'), text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
