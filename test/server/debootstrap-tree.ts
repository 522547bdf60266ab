import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { debianMirrors } from './debian-mirror.ts'
import { lockFile } from './file-lock.ts'
import type { FileLock } from './file-lock.ts'
import { lastLines, mustRun, runProgram } from './run-program.ts'

/** Where the programs lie inside the tree. */
export const binFolder = '/usr/lib/postgresql/17/bin'
/** An initialised, never started data directory inside the tree, to be copied for each run. */
export const templateFolder = '/var/lib/postgresql/template'

const release = 'trixie'
const packages = 'postgresql-17,postgresql-17-pgvector'
// Raise the number when the recipe below changes: the old trees then count as another recipe's.
const treeName = `${release}-postgresql-17-recipe-1`
const passwordFile = '/var/lib/postgresql/password'
const completeMark = '/root/complete'
const minutes = 60_000

/** A Debian system in a folder, complete with PostgreSQL 17, pgvector and an initialised template. */
export interface PostgresTree {
  /** Absolute, without symbolic links: `/proc/PID/root` of a process inside reads the same. */
  folder: string
  /** Of the superuser `postgres` in every server started from the template. */
  password: string
  /** Taken while run folders are made or swept, and while the tree is built. */
  lock(): Promise<FileLock>
}

/**
 * The tree in the cache folder, built first if it is missing or broken (about a minute; two runs at once build it
 * once). Throws with a sentence for the reader where it cannot be had.
 */
export async function openPostgresTree(
  say: (sentence: string) => void,
  mirrors: readonly string[] = debianMirrors(),
): Promise<PostgresTree> {
  refuseUnlessDebianRoot()
  const cache = resolve(process.env['ROBBIEVERSE_TEST_CACHE'] || '/var/cache/robbieverse-test')
  // Closed to other users: programs inside run as whoever has PostgreSQL's user id on this machine.
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  const lockPath = join(cache, `${treeName}.lock`)
  const folder = join(realpathSync(cache), treeName)
  const building = await lockTree(lockPath, say)
  try {
    if (!isComplete(folder)) await buildTree(folder, { lock: building, say, mirrors })
  } finally {
    building.release()
  }
  return {
    folder,
    password: readFileSync(join(folder, passwordFile), 'utf8'),
    lock: () => lockTree(lockPath),
  }
}

/** The command that runs a PostgreSQL program inside the tree as the user postgres. */
export function insideTree(folder: string, program: string, args: readonly string[]): string[] {
  return ['chroot', '--userspec=postgres:postgres', folder, `${binFolder}/${program}`, ...args]
}

/** The environment for programs inside the tree: nothing of ours leaks in. */
export const treeEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' }

function refuseUnlessDebianRoot(): void {
  if (process.platform !== 'linux' || !/^ID="?debian"?$/m.test(osRelease())) {
    throw new Error('this way works on Debian only, and this system is another')
  }
  const user = process.getuid?.()
  if (user !== 0) {
    throw new Error(
      `debootstrap and chroot need root, and this is user ${user}; a tree in the cache needs it too`,
    )
  }
}

function osRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

async function lockTree(path: string, say?: (sentence: string) => void): Promise<FileLock> {
  const atOnce = await lockFile(path, 0)
  if (atOnce) return atOnce
  say?.('waiting for another run that prepares the PostgreSQL for tests')
  const later = await lockFile(path, 20 * minutes)
  if (later) return later
  throw new Error(`another process has held ${path} for 20 minutes`)
}

function isComplete(folder: string): boolean {
  const extension = '/usr/share/postgresql/17/extension/vector.control'
  const needed = [
    completeMark,
    passwordFile,
    `${templateFolder}/PG_VERSION`,
    `${binFolder}/postgres`,
    extension,
  ]
  return needed.every((path) => existsSync(join(folder, path)))
}

interface Building {
  lock: FileLock
  say: (sentence: string) => void
  mirrors: readonly string[]
}

async function buildTree(folder: string, building: Building): Promise<void> {
  const parent = dirname(folder)
  // The lock is ours, so whatever is unfinished belongs to a run that died.
  const unfinished = readdirSync(parent).filter((name) => name.startsWith(`${treeName}.building-`))
  for (const name of unfinished) await removeTree(join(parent, name))
  await removeTree(folder)
  const temporary = `${folder}.building-${process.pid}`
  try {
    await installDebootstrap(building.lock)
    await bootstrap(temporary, building)
    await prepareTemplate(temporary)
    renameSync(temporary, folder)
  } catch (error) {
    await removeTree(temporary)
    throw error
  }
}

async function installDebootstrap(lock: FileLock): Promise<void> {
  if ((await runProgram(['debootstrap', '--version'], { env: hostEnvironment() })).code === 0) return
  const options = { env: hostEnvironment(), timeoutMs: 5 * minutes, descriptor: lock.descriptor }
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', 'debootstrap']
  if ((await runProgram(install, options)).code === 0) return
  await mustRun(['apt-get', 'update'], options)
  await mustRun(install, options)
}

async function bootstrap(target: string, { lock, say, mirrors }: Building): Promise<void> {
  const failures: string[] = []
  for (const mirror of mirrors) {
    say(`building a Debian tree with PostgreSQL 17 and pgvector from ${mirror} (once, about a minute)`)
    const command = ['debootstrap', '--variant=minbase', `--include=${packages}`, release, target, mirror]
    // debootstrap and its children hold the lock too: if this process is killed, nobody builds beside them.
    const options = { env: hostEnvironment(), timeoutMs: 15 * minutes, descriptor: lock.descriptor }
    const result = await runProgram(command, options)
    if (result.code === 0) return
    failures.push(`from ${mirror}: ${lastLines(`${result.stdout}\n${result.stderr}`, 4)}`)
    await removeTree(target)
  }
  throw new Error(`debootstrap failed ${failures.join('; ')}`)
}

async function prepareTemplate(tree: string): Promise<void> {
  // The packages' own cluster, the downloaded packages and their lists: 200 MB that nobody will use.
  const unused = ['var/lib/postgresql/17', 'var/cache/apt', 'var/lib/apt/lists']
  await mustRun(['rm', '-rf', '--', ...unused.map((path) => join(tree, path))])
  const password = join(tree, passwordFile)
  const postgres = statSync(dirname(password))
  writeFileSync(password, randomBytes(18).toString('hex'), { mode: 0o600 })
  chownSync(password, postgres.uid, postgres.gid)
  const flags = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  const initdb = [`--pgdata=${templateFolder}`, `--pwfile=${passwordFile}`, ...flags]
  await mustRun(insideTree(tree, 'initdb', initdb), { env: treeEnvironment })
  writeFileSync(join(tree, completeMark), '')
}

/** debootstrap lives in /usr/sbin, which is not on everybody's path. */
function hostEnvironment(): NodeJS.ProcessEnv {
  const path = [process.env['PATH'], '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter)
  return { ...process.env, PATH: path, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
}

/** Removes a tree and never what is mounted in it: a killed debootstrap leaves /proc mounted there. */
async function removeTree(folder: string): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
  const inside = mounts.filter((mount) => mount.startsWith(`${folder}/`)).toReversed()
  for (const mount of inside) await mustRun(['umount', '--lazy', mount])
  await mustRun(['rm', '-rf', '--one-file-system', '--', folder])
}
