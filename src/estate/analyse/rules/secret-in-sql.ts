import type { ObjectRef } from '../finding.ts'
import type { SqlStatement } from '../inventory/statement.ts'
import { count, type Rule } from './rule.ts'

const SECRETS: { what: string; pattern: RegExp }[] = [
  { what: 'a password of a role', pattern: /\b(?:encrypted\s+)?password\s+'([^']{3,})'/i },
  {
    what: 'a connection string with its password',
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp|https?):\/\/[^\s:@/'"]+:([^\s@/'"]{3,})@/i,
  },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ },
  {
    what: 'an API key',
    pattern:
      /\b(sk-(?:proj-|ant-|live-)?[A-Za-z0-9_-]{16,}|sk_(?:live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/,
  },
  { what: 'an access key', pattern: /\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/ },
  {
    what: 'a token',
    pattern:
      /\b(gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{30,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})/,
  },
  {
    what: 'a secret setting',
    pattern:
      /'[\w.-]*(?:api[_-]?key|secret|password|passwd|access[_-]?token|private[_-]?key)[\w.-]*'\s*(?:,|=>|:|=)\s*'"?([^'"]{8,})"?'/i,
  },
]

/** What stands there until somebody sets it, and what the server keeps so that it need not know the password. */
const PLACEHOLDER =
  /^(?:x{3,}|\*{3,}|\.{3,}|<.*>|\$\{.*|\{.*\}|\{\{.*|%.*%|:.*|your[_-].*|example.*|placeholder.*|todo.*|replace.*|dummy.*|redacted|none|null|SCRAM-SHA-256\$.*)$/i

/** A secret in a file: whoever can read the repository has it. */
export const secretInSql: Rule = {
  id: 'secret-in-sql',
  severity: 'critical',
  confidence: 'read',
  summary: 'A password, key or token stands in SQL text.',
  why: 'Whoever can read the files can use it, and so can whoever reads their history.',
  fix: 'Change the secret, since it is known now, and give it at run time from outside the repository.',
  phase: 'secrets',
  action: (what) => `Change the secrets that stand in ${what('place')}`,
  check: ({ files }) =>
    files.flatMap((file) => {
      const found = file.statements.flatMap(secretsOf)
      return [...Map.groupBy(found, ({ object }) => object.name).values()].map((same) => ({
        object: same[0]!.object,
        places: same.map(({ line }) => ({ file: file.path, line })),
        // The secret itself is never repeated.
        message: `${count(same.length, 'secret stands', 'secrets stand')} in ${file.path}: ${[...new Set(same.map(({ what }) => what))].join(', ')}.`,
      }))
    }),
}

function secretsOf(statement: SqlStatement): { what: string; line: number; object: ObjectRef }[] {
  const { text, line, file, facts } = statement
  const role = facts.find((fact) => fact.fact === 'cluster' && fact.what.endsWith('role'))
  const object: ObjectRef =
    role?.fact === 'cluster'
      ? { kind: 'role', schema: '', name: role.name }
      : { kind: 'file', schema: '', name: file }
  return SECRETS.flatMap(({ what, pattern }) => {
    const match = pattern.exec(text)
    if (!match || PLACEHOLDER.test(match[1] ?? '')) return []
    return { what, object, line: line + text.slice(0, match.index).split('\n').length - 1 }
  })
}
