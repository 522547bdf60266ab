import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openPostgresTree } from './debootstrap-tree.ts'
import { ownerRunning, patience, serverFor } from './observed-server.ts'

const sources = ['debootstrap'] as const
const module = JSON.stringify(new URL('./debootstrap-tree.ts', import.meta.url).href)
let folder: string
let cache: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'robbieverse-tree-'))
  cache = join(folder, 'cache')
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/**
 * Puts a debootstrap first on the path that stands in for the mirrors: it copies the tree of the real cache (its
 * programs as hard links where it can), takes its time for mirrors named `slow`, fails for those named `bad`, and
 * records when it starts and ends.
 */
async function fakeMirrors(): Promise<void> {
  const { folder: tree } = await openPostgresTree(() => {})
  const script = `#!/bin/sh
case "$1" in --version) exit 0 ;; esac
echo "start $5" >> '${record()}'
case "$5" in *bad*) echo 'E: no such mirror'; exit 1 ;; *slow*) sleep 1 ;; esac
mkdir -p "$4/usr/share" "$4/root" "$4/tmp" "$4/var/lib/postgresql"
cd '${tree}'
cp -a bin sbin lib* dev etc "$4"
for part in usr/bin usr/lib* usr/share/postgresql usr/share/zoneinfo; do
  cp -al "$part" "$4/$part" 2> /dev/null || cp -aT "$part" "$4/$part"
done
chroot "$4" chown postgres:postgres /var/lib/postgresql
echo "end $5" >> '${record()}'
`
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'debootstrap'), script)
  chmodSync(join(folder, 'bin', 'debootstrap'), 0o755)
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`)
  vi.stubEnv('ROBBIEVERSE_TEST_CACHE', cache)
}

function record(): string {
  return join(folder, 'record')
}

function recorded(): string[] {
  return existsSync(record()) ? readFileSync(record(), 'utf8').trim().split('\n') : []
}

it(
  'is built once for two runs that start at once, and again when it is broken',
  patience,
  async (context) => {
    await serverFor(context, { sources })
    await fakeMirrors()
    const heard: string[] = []
    const open = () => openPostgresTree((sentence) => heard.push(sentence), ['http://good.test'])
    const [one, two] = await Promise.all([open(), open()])
    expect(two).toMatchObject({ folder: one.folder, password: one.password })
    expect(recorded()).toEqual(['start http://good.test', 'end http://good.test'])
    expect(heard).toContain('waiting for another run that prepares the PostgreSQL for tests')
    expect(one.folder.startsWith(cache)).toBe(true)
    await serverFor(context, { sources })
    expect(recorded()).toHaveLength(2)

    rmSync(join(one.folder, 'usr/share/postgresql/17/extension/vector.control'))
    const again = await open()
    expect(again.folder).toBe(one.folder)
    expect(again.password).not.toBe(one.password)
    expect(recorded()).toHaveLength(4)
  },
)

it('waits for the debootstrap of a killed run, then builds anew', patience, async (context) => {
  await serverFor(context, { sources })
  await fakeMirrors()
  const build = `
    import { openPostgresTree } from ${module}
    await openPostgresTree(console.log, ['http://slow.test'])`
  const owner = await ownerRunning(build)
  await expect.poll(recorded, { timeout: 30_000, interval: 5 }).toContain('start http://slow.test')
  process.kill(owner.pid, 'SIGKILL')
  await owner.ended
  await openPostgresTree(() => {}, ['http://good.test'])
  const slow = ['start http://slow.test', 'end http://slow.test']
  expect(recorded()).toEqual([...slow, 'start http://good.test', 'end http://good.test'])
  expect(readdirSync(cache).filter((name) => name.includes('building'))).toEqual([])
})

it('is built from the first mirror that serves', patience, async (context) => {
  await serverFor(context, { sources })
  await fakeMirrors()
  await openPostgresTree(() => {}, ['http://bad.test', 'http://good.test'])
  expect(recorded()).toEqual(['start http://bad.test', 'start http://good.test', 'end http://good.test'])
})

it('names every mirror when none serves, and leaves nothing behind', patience, async (context) => {
  await serverFor(context, { sources })
  await fakeMirrors()
  const opening = openPostgresTree(() => {}, ['http://bad.test', 'http://bad.test/too'])
  await expect(opening).rejects.toThrow(
    /from http:\/\/bad.test: E: no such mirror; from http:\/\/bad.test\/too: E:/,
  )
  expect(readdirSync(cache)).toEqual([expect.stringMatching(/\.lock$/)])
})

it('is out of reach for a user who is not root', patience, async (context) => {
  await serverFor(context, { sources })
  const server = JSON.stringify(new URL('./postgres-server.ts', import.meta.url).href)
  const script = `
    import { startTestServer } from ${server}
    process.setuid(65534)
    console.log((await startTestServer({ sources: ['debootstrap'] })).unavailable)`
  const { line } = await ownerRunning(script)
  expect(line).toMatch(/debootstrap: debootstrap and chroot need root, and this is user 65534/)
})
