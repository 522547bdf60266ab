import type { CatalogModel, ColumnModel, TableModel } from '../src/catalog/model.ts'
import type { Module } from '../src/db/module.ts'
import type { AnyOperation } from '../src/db/operation.ts'
import { inputJsonSchema } from '../src/doors/catalogue.ts'
import { splitBinding, toolName } from '../src/kernel/operation.ts'

type Field = {
  type?: string
  format?: string
  enum?: unknown[]
  anyOf?: Field[]
  items?: Field
  minimum?: number
  maximum?: number
  default?: unknown
  description?: string
}

/** The reference page of a module: a diagram, its tables, views and functions, and its operations with their inputs. */
export function referencePage(module: Module, model: CatalogModel): string {
  const isOwn = ({ name }: { name: string }) => name.startsWith(`${module.name}.`)
  const tables = model.tables.filter(isOwn)
  const views = model.views.filter(isOwn)
  const functions = model.functions.filter(({ signature }) => signature.startsWith(`${module.name}.`))
  const schema = model.schemas.find(({ name }) => name === module.name)
  return [
    `# ${module.name}\n`,
    `${schema?.comment ?? ''} How it works: [its page](../../src/modules/${module.name}/README.md). Written by \`npm run docs:gen\`.\n`,
    ...(tables.length === 0 ? [] : [diagram(tables), '## Tables\n', ...tables.map(describeRelation)]),
    ...(views.length === 0 ? [] : ['## Views\n', ...views.map(describeRelation)]),
    ...(functions.length === 0 ? [] : ['## Functions\n', functionTable(functions), '']),
    ...(module.operations.length === 0
      ? []
      : ['## Operations\n', ...module.operations.map(describeOperation)]),
  ].join('\n')
}

/** The tables and the foreign keys between them and to those of other modules. */
function diagram(tables: TableModel[]): string {
  const keys = tables.flatMap((table) =>
    table.constraints.flatMap(({ definition }) => {
      const [, columns, target] = /^FOREIGN KEY \(([^)]*)\) REFERENCES ([a-z_.]+)\(/.exec(definition) ?? []
      if (!columns || !target) return []
      const column = columns.split(', ').at(-1)!
      return [`  ${bare(target)} ||--o{ ${bare(table.name)} : ${column}`]
    }),
  )
  const alone = tables.map(({ name }) => `  ${bare(name)}`)
  return ['```mermaid', 'erDiagram', ...alone, ...keys, '```\n'].join('\n')
}

function describeRelation(relation: {
  name: string
  comment: string | null
  columns: ColumnModel[]
}): string {
  const rows = relation.columns.map((column) => {
    const type = column.isNullable ? `${column.type} or null` : column.type
    return `| \`${column.name}\` | ${type} | ${cell(column.comment ?? '')} |`
  })
  return [
    `### ${bare(relation.name)}\n`,
    `${relation.comment ?? ''}\n`,
    '| column | type | means |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function functionTable(functions: CatalogModel['functions']): string {
  const rows = functions.map(
    (each) => `| \`${each.signature}\` | ${cell(each.result)} | ${cell(each.comment ?? '')} |`,
  )
  return ['| function | answers | does |', '|---|---|---|', ...rows].join('\n')
}

function describeOperation(operation: AnyOperation): string {
  const { method, path } = splitBinding(operation.http)
  const command = operation.id.replaceAll('.', ' ').replaceAll('_', '-')
  const schema = inputJsonSchema(operation) as { properties?: Record<string, Field>; required?: string[] }
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const mark = schema.required?.includes(name) ? '*' : ''
    return `| \`${name}\`${mark} | ${typeOf(field)} | ${cell(describe(field))} |`
  })
  return [
    `### ${operation.id}\n`,
    `${operation.summary}\n`,
    `\`${method} ${path}\` · \`robbieverse ${command}\` · tool \`${toolName(operation.id)}\` · least role ${operation.access}\n`,
    ...(fields.length === 0 ? [] : ['| input | type | means |', '|---|---|---|', ...fields, '']),
  ].join('\n')
}

function typeOf(field: Field): string {
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(' or ')
  if (field.type === 'array') return `list of ${typeOf(field.items ?? {})}`
  return field.format === 'uuid' ? 'id' : field.format === 'date-time' ? 'instant' : (field.type ?? 'any')
}

function describe(field: Field): string {
  const isRange = field.minimum !== undefined && field.maximum !== undefined
  const known = field.description?.includes(`${field.minimum}-${field.maximum}`) === true
  const isSafe = Math.abs(field.maximum ?? 0) < Number.MAX_SAFE_INTEGER
  const range = isRange && isSafe && !known ? `${field.minimum} to ${field.maximum}.` : ''
  const otherwise = field.default === undefined ? '' : `Left out: ${JSON.stringify(field.default)}.`
  return [field.description ?? '', range, otherwise].filter((text) => text !== '').join(' ')
}

function bare(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

/** Text as a cell of a Markdown table has it. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
