import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

import { parse } from 'libpg-query'

import columns from '../src/db/columns.gen.json' with { type: 'json' }

// `npm run new:module garden plant plants`: the folder of a new module with everything that every module has, and one
// kind of thing in it with all its operations. What it writes passes every check as it is.

const [name = '', thing = '', things = `${thing}s`] = process.argv.slice(2)
const root = new URL('../', import.meta.url)
const folder = new URL(`src/modules/${name}/`, root)
const refusal = await whyNot()
if (refusal !== null) {
  console.error(`${refusal}\nusage: npm run new:module MODULE THING [THINGS], as in: garden plant plants`)
  process.exit(2)
}

async function whyNot(): Promise<string | null> {
  const isWord = (text: string) => /^[a-z][a-z_]{1,40}$/.test(text)
  if (![name, thing, things].every(isWord)) return 'names are of lower-case letters and _'
  if (things === thing) return 'THINGS is the plural of THING'
  if (things === `${thing}s` && thing.endsWith('s')) return `is ${thing} a plural? Say both: THING THINGS`
  if (existsSync(folder)) return `there is a module ${name}`
  // Tables are asked for by their bare names.
  if (things in columns) return `there is a table ${things}`
  return parse(`create table ${name}.${things} (${thing} int)`).then(
    () => null,
    () => `${name}, ${thing} or ${things} is a reserved word of SQL`,
  )
}

const camel = (text: string) => text.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
const words = (text: string) => text.replaceAll('_', ' ')
const kebab = (text: string) => text.replaceAll('_', '-')
const files: Record<string, string> = {
  'module.ts': `import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { ${camel(things)} } from './${kebab(things)}.ts'

const resources = [${camel(things)}]

/** One sentence: what this module keeps. */
export const ${camel(name)}Module: Module = {
  name: '${name}',
  dependsOn: ['identity', 'journal', 'search'],
  tables: [{ name: '${things}', kind: 'tenant', distribution: 'distributed' }],
  resources,
  get operations() {
    return operationsOf(resources)
  },
  sql: new URL('./sql/', import.meta.url),
}
`,
  'index.ts': `export { ${camel(name)}Module } from './module.ts'\n`,
  [`${kebab(things)}.ts`]: `import { defineResource } from '../kit/index.ts'

export const ${camel(things)} = defineResource({
  table: '${things}',
  id: '${name}.${things}',
  thing: '${thing}',
  things: '${words(things)}',
  path: '/v1/${kebab(things)}',
  fields: ['name', 'description', 'tags', 'external_id'],
  filters: ['external_id'],
  sorts: ['-created_at', 'name'],
  privacy: 'team',
  indexed: (row) => ({
    title: row.name,
    content: [row.description, row.tags.join(' ')],
  }),
})
`,
  [`sql/migrations/0001_${things}.sql`]: `create table ${name}.${things} (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null,
  description text,
  tags text[] not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ${things}_pkey primary key (town_id, id),
  constraint ${things}_external_id_key unique (town_id, external_id),
  constraint ${things}_external_id_check check (length(external_id) between 1 and 200),
  constraint ${things}_name_check check (length(name) between 1 and 200),
  constraint ${things}_description_check check (length(description) between 1 and 20000),
  constraint ${things}_tags_check check (cardinality(tags) <= 50),
  constraint ${things}_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ${things}_created_at_idx on ${name}.${things} (town_id, created_at desc, id desc);
create index ${things}_name_idx on ${name}.${things} (town_id, name, id);
`,
  'sql/objects/comments.sql': `comment on schema ${name} is 'What it holds.';

comment on table ${name}.${things} is 'A ${words(thing)}.';
comment on column ${name}.${things}.town_id is 'The town.';
comment on column ${name}.${things}.id is 'Identifier (UUIDv7).';
comment on column ${name}.${things}.external_id is 'What it is called in the system it came from; unique in the town.';
comment on column ${name}.${things}.name is 'Name, 1-200 characters.';
comment on column ${name}.${things}.description is 'What is good to know.';
comment on column ${name}.${things}.tags is 'Words to find it by, at most 50.';
comment on column ${name}.${things}.version is 'Rises with every change; an update that names an older one is refused.';
comment on column ${name}.${things}.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column ${name}.${things}.created_by is 'Person who made it; owner of private rows.';
comment on column ${name}.${things}.created_at is 'When it was made.';
comment on column ${name}.${things}.updated_at is 'When it last changed.';
`,
  'README.md': `# ${name}

One sentence: what it keeps.

## Tables

| table | holds |
|---|---|
| \`${things}\` | name, description, tags |

## Rules

- What the table and the code cannot say by themselves.

## Depends on

\`identity\`, \`journal\`, \`search\`.

## Begin reading

\`${kebab(things)}.ts\`; \`../kit/README.md\` for what is made from it.
`,
}
mkdirSync(new URL('sql/migrations/', folder), { recursive: true })
mkdirSync(new URL('sql/objects/', folder), { recursive: true })
for (const [path, text] of Object.entries(files)) writeFileSync(new URL(path, folder), text, { flag: 'wx' })

const list = new URL('src/modules/index.ts', root)
const module = `${camel(name)}Module`
const registered = readFileSync(list, 'utf8')
  .replace(/\n\n\/\*\*/, `\nimport { ${module} } from './${name}/index.ts'\n\n/**`)
  .replace(/\n\]\n/, `\n  ${module},\n]\n`)
writeFileSync(list, registered)
const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
run('node_modules/oxfmt/bin/oxfmt', `src/modules/${name}`, 'src/modules/index.ts')
run('scripts/db-gen.ts')
run('scripts/docs-gen.ts')
console.log(
  `src/modules/${name} keeps ${words(things)}: try robbieverse ${name} ${kebab(things)} create --name First`,
)
