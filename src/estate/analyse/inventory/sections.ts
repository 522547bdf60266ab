/** What a file is for, by its path and its first lines; `plain` when neither says. */
export type FileRole = 'up' | 'down' | 'check' | 'test' | 'seed' | 'snapshot' | 'upgrade' | 'plain'

/** Lines that begin a part of a migration; the first group tells which, in words that begin with `up` or `down`. */
const MARKERS = [
  // goose, sql-migrate, micrate: -- +goose Down
  /^--[ \t]*\+[ \t]*(?:goose|migrate|micrate)[ \t]+(up|down)\b/i,
  // dbmate: -- migrate:down
  /^--[ \t]*migrate:(up|down)\b/i,
  // node-pg-migrate: -- Down Migration
  /^--[ \t]*(up|down)[ \t]+migration\b/i,
  /^--[ \t]*migration[ \t]+(up|down)[ \t]*:?[ \t]*$/i,
  // rambler: -- rambler down
  /^--[ \t]*rambler[ \t]+(up|down)\b/i,
  // Play: # --- !Downs, -- !Downs
  /^(?:#[ \t]*---|--)[ \t]*!(ups|downs)\b/i,
  // written by hand: -- DOWN, -- ==== Down ====, -- @down
  /^--[ \t]*[=\-#*@[+]{0,60}[ \t]*(up|down)[ \t]*\]?:?[ \t]*[=\-#*]{0,60}[ \t]*$/i,
]
/** MyBatis and tern name the part that takes back alone. */
const DOWN = [/^--[ \t]*\/\/[ \t]*@undo\b/i, /^----[ \t]*create above[ \t]*\/[ \t]*drop below[ \t]*----/i]

/** A part that takes a migration back: the line of its mark, and that line's text. */
export type DownPart = { line: number; marker: string }

/**
 * The text with the parts that take a migration back made blank. Line ends stay, so lines and offsets are those of the
 * file; without such a part it is the very same text.
 */
export function withoutDown(text: string): { text: string; down: DownPart | null } {
  if (!/^(?:--|#)[^\r\n]*(?:down|undo|drop below)/im.test(text)) return { text, down: null }
  let down: DownPart | null = null
  let isDown = false
  let line = 0
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/).map((source) => {
    line++
    const part = source.startsWith('-') || source.startsWith('#') ? partOf(source.trimEnd()) : null
    if (part) isDown = part === 'down'
    if (!isDown) return source
    down ??= { line, marker: source.trim() }
    return source.replace(/[^\r\n]/g, ' ')
  })
  return down ? { text: lines.join(''), down } : { text, down }
}

function partOf(line: string): 'up' | 'down' | null {
  if (line.length > 300) return null
  for (const marker of MARKERS) {
    const part = marker.exec(line)?.[1]
    if (part) return part.toLowerCase().startsWith('up') ? 'up' : 'down'
  }
  return DOWN.some((marker) => marker.test(line)) ? 'down' : null
}

/** Parts of a path that tell what a file is for, the most telling first. */
const BY_PATH: [FileRole, RegExp][] = [
  ['down', /(?:^|[/._-])(?:down|undo|rollback|revert)\.(?:sql|psql|pgsql)(?:\.\w+)?$/i],
  ['down', /(?:^|\/)(?:down|undo|rollback|rollbacks|revert|reverts)\//i],
  ['down', /(?:^|\/)(?:rollback|revert|undo)[_-][^/]+$/i],
  // Flyway's undo migrations: U2__add_place.sql
  ['down', /(?:^|\/)U\d[\d._]*__[^/]+\.sql$/],
  // sqitch keeps the proof of each change beside it
  ['check', /(?:^|\/)verify\//i],
  // What `alter extension ... update` runs, each from one version to the next
  ['upgrade', /(?:^|\/)[\w-]+?--[\w.-]+?--[\w.-]+\.sql(?:\.in)?$/i],
  ['test', /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|testdata|test[_-]data)\//i],
  ['test', /(?:^|\/)(?:test|fixtures?)[_-][^/]+$|[._-](?:test|fixtures?)\.(?:sql|psql|pgsql)$/i],
  ['snapshot', /(?:^|\/)(?:structure\.sql|[^/]+\.(?:dump|pgdump))$/i],
  ['seed', /(?:^|\/)(?:seeds?|seed[_-]data)\//i],
  ['seed', /(?:^|[/._-])(?:seeds?|sample[_-]?data|demo[_-]?data)(?:[_-][^/]*)?\.(?:sql|psql|pgsql)$/i],
  ['up', /(?:^|[/._-])up\.(?:sql|psql|pgsql)(?:\.\w+)?$/i],
  ['up', /(?:^|\/)V\d[\d._]*__[^/]+\.sql$/],
]

const DUMP_HEADER =
  /^--[ \t]*(?:PostgreSQL database(?: cluster)? dump|Dumped (?:from database|by pg_dump) version|MySQL dump|MariaDB dump)/im

/** Tells from its path, and from the header that dump programs write, what a file is for. */
export function roleOf(path: string, text: string): FileRole {
  const byPath = BY_PATH.find(([, pattern]) => pattern.test(path))?.[0]
  if (byPath === 'down' || byPath === 'check' || byPath === 'upgrade') return byPath
  if (DUMP_HEADER.test(text.slice(0, 4000))) return 'snapshot'
  return byPath ?? 'plain'
}
