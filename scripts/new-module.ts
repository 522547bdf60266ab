import { existsSync, mkdirSync, writeFileSync } from 'node:fs'

// `npm run new:module sticky`: the folder of a new module with the files that every module has.

const [name = ''] = process.argv.slice(2)
const folder = new URL(`../src/modules/${name}/`, import.meta.url)
if (!/^[a-z][a-z_]{1,40}$/.test(name) || existsSync(folder)) {
  console.error('usage: npm run new:module NAME, with a name of lower-case letters and _ that is not taken')
  process.exit(2)
}

const camel = name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
const files = {
  'module.ts': `import type { Module } from '../../db/module.ts'
import { ${camel}Operations } from './${name}.operations.ts'

/** One sentence: what this module keeps. */
export const ${camel}Module: Module = {
  name: '${name}',
  dependsOn: ['identity', 'journal'],
  tables: [],
  operations: ${camel}Operations,
  sql: new URL('./sql/', import.meta.url),
}
`,
  'index.ts': `export { ${camel}Module } from './module.ts'\n`,
  [`${name}.operations.ts`]: `import type { AnyOperation } from '../../db/operation.ts'

export const ${camel}Operations: readonly AnyOperation[] = []
`,
  'sql/objects/comments.sql': `comment on schema ${name} is 'What it holds.';\n`,
  'README.md': `# ${name}

One sentence: what it keeps.

## Tables

| table | holds |
|---|---|

## Rules

## Depends on

\`identity\`, \`journal\`.

## Begin reading

\`${name}.operations.ts\`.
`,
}
mkdirSync(new URL('sql/migrations/', folder), { recursive: true })
mkdirSync(new URL('sql/objects/', folder), { recursive: true })
for (const [path, text] of Object.entries(files)) writeFileSync(new URL(path, folder), text, { flag: 'wx' })
console.log(`${Object.keys(files)
  .map((path) => `src/modules/${name}/${path}`)
  .join('\n')}
Put ${camel}Module into src/modules/index.ts, after the modules it depends on. Then: npm run db:new ${name} ${name}`)
