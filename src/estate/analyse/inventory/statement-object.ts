import type { ObjectKind, ObjectRef } from '../finding.ts'
import { handleFact, type FactHandlers } from './fact-handlers.ts'
import type { Name } from './facts.ts'
import type { SqlStatement } from './statement.ts'

/** What a statement is about: of a policy, an index or a trigger its table. */
export function objectOf(statement: SqlStatement): ObjectRef {
  const [fact] = statement.facts
  const found = fact && handleFact(OBJECTS, fact)
  return found ?? (fact && fact.fact !== 'other' ? null : guessed(statement.text)) ?? fileOf(statement)
}

const OBJECTS: FactHandlers<ObjectRef | undefined> = {
  table: ({ name }) => ref('table', name),
  'alter-table': ({ name }) => ref('table', name),
  index: ({ table }) => ref('table', table),
  policy: ({ table }) => ref('table', table),
  trigger: ({ table }) => ref('table', table),
  view: ({ name }) => ref('view', name),
  function: ({ name }) => ref('function', name),
  type: ({ name }) => ref('type', name),
  sequence: ({ name }) => ref('sequence', name),
  'enum-value': ({ name }) => ref('type', name),
  query: ({ uses: [use] }) => use && ref('table', use.table),
  comment: ({ kind, name }) => ofKind(kind, name),
  grant: ({ kind, names: [name] }) => name && ofKind(kind, name),
  drop: ({ kind, names: [name] }) => name && ofKind(kind, name),
  rename: ({ kind, name }) => ofKind(kind, name),
  schema: ({ name }) => ({ kind: 'schema', schema: '', name }),
  extension: ({ name }) => ({ kind: 'extension', schema: '', name }),
}

const ref = (kind: ObjectKind, { schema, name }: Name): ObjectRef => ({
  kind,
  schema: schema ?? 'public',
  name,
})

const fileOf = ({ file }: SqlStatement): ObjectRef => ({ kind: 'file', schema: '', name: file })

function ofKind(kind: string, name: Name): ObjectRef {
  if (kind === 'column') return ref('table', { schema: null, name: name.schema ?? name.name })
  const kinds: Record<string, ObjectKind> = {
    table: 'table',
    view: 'view',
    function: 'function',
    type: 'type',
  }
  return ref(kinds[kind] ?? 'table', name)
}

const NAME = String.raw`((?:"[^"]+"|[\w$]+|` + '`[^`]+`' + String.raw`)(?:\.(?:"[^"]+"|[\w$]+))?)`
const HEADS: { kind: ObjectKind; pattern: RegExp }[] = [
  {
    kind: 'table',
    pattern: new RegExp(
      String.raw`^create\s+(?:policy|(?:unique\s+)?index|trigger)\b[^;]*?\son\s+(?:only\s+)?${NAME}`,
      'is',
    ),
  },
  {
    kind: 'table',
    pattern: new RegExp(
      String.raw`^(?:create\s+(?:temp\w*\s+|unlogged\s+)?|alter\s+|drop\s+)table\s+(?:if\s+(?:not\s+)?exists\s+)?${NAME}`,
      'is',
    ),
  },
  {
    kind: 'table',
    pattern: new RegExp(
      String.raw`^(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update|delete\s+from)\s+${NAME}`,
      'is',
    ),
  },
  {
    kind: 'view',
    pattern: new RegExp(
      String.raw`^create\s+(?:or\s+replace\s+)?(?:materialized\s+)?view\s+(?:if\s+not\s+exists\s+)?${NAME}`,
      'is',
    ),
  },
  {
    kind: 'function',
    pattern: new RegExp(
      String.raw`^create\s+(?:or\s+(?:replace|alter)\s+)?(?:function|procedure|proc)\s+${NAME}`,
      'is',
    ),
  },
  { kind: 'type', pattern: new RegExp(String.raw`^create\s+type\s+(?:if\s+not\s+exists\s+)?${NAME}`, 'is') },
]

/** By the first words of a statement that could not be parsed. */
function guessed(text: string): ObjectRef | undefined {
  // A name that is any further away is not what the statement is about.
  const head = text.slice(0, 500)
  for (const { kind, pattern } of HEADS) {
    const match = pattern.exec(head)
    if (!match) continue
    const parts = match[1]!
      .split('.')
      .map((part) => (/^["`]/.test(part) ? part.slice(1, -1) : part.toLowerCase()))
    return { kind, schema: parts.length > 1 ? parts[0]! : 'public', name: parts.at(-1)! }
  }
  return undefined
}
