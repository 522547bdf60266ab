/** Languages whose source may hold SQL in string literals. */
export type Language =
  | 'python'
  | 'typescript'
  | 'javascript'
  | 'go'
  | 'ruby'
  | 'php'
  | 'java'
  | 'kotlin'
  | 'csharp'
  | 'rust'

/** What a file is listed as: SQL, source of a service, or the configuration of a migration tool. */
export type FileKind =
  | { kind: 'sql' }
  | { kind: 'service'; language: Language }
  | { kind: 'tool'; tool: string }

const SQL =
  /\.(?:sql|psql|pgsql|ddl|dump|pgdump)(?:\.(?:j2|jinja2?|tmpl|tpl|template|erb|ejs|hbs|mustache|in|bak|old|orig))?$/i

const LANGUAGES: Record<string, Language> = {
  py: 'python',
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  go: 'go',
  rb: 'ruby',
  php: 'php',
  java: 'java',
  kt: 'kotlin',
  kts: 'kotlin',
  cs: 'csharp',
  rs: 'rust',
}

const TOOLS: [RegExp, string][] = [
  [/^sqitch\.(?:plan|conf)$/, 'sqitch'],
  [/^flyway\.(?:conf|toml)$/, 'flyway'],
  [/^liquibase\.properties$|^(?:db\.)?changelog.*\.(?:xml|ya?ml|json)$/, 'liquibase'],
  [/^alembic\.ini$/, 'alembic'],
  [/^schema\.prisma$|^migration_lock\.toml$/, 'prisma'],
  [/^drizzle\.config\.[cm]?[jt]s$/, 'drizzle'],
  [/^knexfile\.[cm]?[jt]s$/, 'knex'],
  [/^ormconfig\.\w+$/, 'typeorm'],
  [/^\.gmrc$/, 'graphile-migrate'],
  [/^atlas\.(?:hcl|sum)$/, 'atlas'],
  [/^tern\.conf$/, 'tern'],
  [/^diesel\.toml$/, 'diesel'],
  [/^dbconfig\.yml$/, 'sql-migrate'],
  [/^yoyo\.ini$/, 'yoyo'],
]

/** What a file is by its name; null for what an analysis does not read. */
export function kindOf(name: string): FileKind | null {
  if (SQL.test(name)) return { kind: 'sql' }
  const tool = TOOLS.find(([pattern]) => pattern.test(name))
  if (tool) return { kind: 'tool', tool: tool[1] }
  if (/\.(?:min\.[cm]?js|d\.[cm]?ts)$/i.test(name)) return null
  const language = LANGUAGES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
  return language && name.includes('.') ? { kind: 'service', language } : null
}

const SKIPPED = new Set(
  (
    '.git .hg .svn .bzr node_modules bower_components jspm_packages .venv venv virtualenv site-packages __pycache__ ' +
    '.tox .nox .mypy_cache .pytest_cache .ruff_cache .eggs .next .nuxt .yarn .pnpm-store .cache .gradle .idea .vscode ' +
    '.terraform .bundle Pods .dart_tool'
  ).split(' '),
)
/** Files that tell that a folder holds what a package manager brought. */
const BROUGHT = ['pyvenv.cfg', 'autoload.php', 'modules.txt']

/** Whether a folder holds other people's code: by its name, or by the files in it. */
export function isOthers(name: string, entries: readonly string[]): boolean {
  if (SKIPPED.has(name)) return true
  if (entries.includes('pyvenv.cfg')) return true
  return name === 'vendor' && BROUGHT.some((file) => entries.includes(file))
}
