import { chmodSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { templateFolder } from './debootstrap-tree.ts'
import type { PostgresTree } from './debootstrap-tree.ts'
import { lockFile } from './file-lock.ts'
import type { FileLock } from './file-lock.ts'
import { endPostmaster, isRunningIn, readPostmasterFile, removeOrphanedSegment } from './postmaster.ts'
import { mustRun } from './run-program.ts'

/** The folder of one server: its data directory and its log. While its lock is held, the run is alive. */
export interface RunFolder {
  /** As seen from this machine. */
  folder: string
  /** The data directory, as seen from this machine and from inside the tree. */
  data: string
  dataInside: string
  lock: FileLock
}

const prefix = 'robbieverse-run-'

/** Removes what dead runs left in the tree, then makes a folder with a fresh copy of the template in it. */
export async function makeRunFolder(tree: PostgresTree): Promise<RunFolder> {
  const temporary = join(tree.folder, 'tmp')
  const held = await tree.lock()
  let folder: string
  let lock: FileLock | undefined
  try {
    await sweep(tree.folder)
    folder = mkdtempSync(join(temporary, prefix))
    lock = await lockFile(join(folder, 'lock'), 0)
  } finally {
    held.release()
  }
  if (!lock) throw new Error(`${folder} is locked by another process`)
  const data = join(folder, 'data')
  // The folder made by mkdtemp is root's alone; the server walks through it to its data.
  chmodSync(folder, 0o711)
  await mustRun(['cp', '-a', join(tree.folder, templateFolder), data])
  return { folder, data, dataInside: dataInsideTree(folder), lock }
}

/** Removes the run folders whose lock nobody holds, after ending the server that their pid file names. */
async function sweep(tree: string): Promise<void> {
  const temporary = join(tree, 'tmp')
  for (const name of readdirSync(temporary).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(temporary, name)
    const lock = await lockFile(join(folder, 'lock'), 0)
    if (!lock) continue
    const data = join(folder, 'data')
    const pid = readPostmasterFile(data)?.pid
    if (pid !== undefined && isRunningIn(pid, tree, dataInsideTree(folder))) await endPostmaster(pid, 5000)
    await removeOrphanedSegment(data)
    await rm(folder, { recursive: true, force: true })
    lock.release()
  }
}

function dataInsideTree(folder: string): string {
  return `/tmp/${basename(folder)}/data`
}
