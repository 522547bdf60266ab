import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// `npm run db:new memory add_decay`: an empty migration with the next number of the module's sequence.

const [module = '', slug = ''] = process.argv.slice(2)
const folder = fileURLToPath(new URL(`../src/modules/${module}/sql/migrations/`, import.meta.url))
if (
  !/^[a-z_]+$/.test(module) ||
  !/^[a-z0-9_]+$/.test(slug) ||
  !existsSync(new URL(`../src/modules/${module}`, import.meta.url))
) {
  console.error(
    'usage: npm run db:new MODULE SLUG, with a folder of src/modules and a slug of lower-case letters and _',
  )
  process.exit(2)
}
mkdirSync(folder, { recursive: true })
const count = readdirSync(folder).filter((file) => file.endsWith('.sql')).length
const name = `${String(count + 1).padStart(4, '0')}_${slug}.sql`
writeFileSync(`${folder}${name}`, '', { flag: 'wx' })
console.log(`${folder}${name}\nWrite it, then run npm run db:gen and commit what that changes.`)
