#!/usr/bin/env node
// Starts the command line. RobbieVerse runs TypeScript as it is, which needs Node 24; on an older Node the same
// command runs on the Node 24 that stands in node_modules. This file itself must run on Node 20.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const neededMajor = 24
const here = dirname(fileURLToPath(import.meta.url))
const main = join(here, '..', 'src', 'cli', 'main.ts')

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  await import(new URL('../src/cli/main.ts', import.meta.url).href)
} else {
  runOnBundledNode()
}

function runOnBundledNode() {
  const node = findBundledNode()
  if (node === null) {
    process.stderr.write(
      `robbieverse: Node ${neededMajor} or newer is needed, and this is Node ${process.versions.node}.\n` +
        'Run npm ci in the folder of RobbieVerse: it brings its own Node. Or install Node 24.\n',
    )
    process.exit(1)
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ROBBIEVERSE_LAUNCHED: '1' },
  })
  // From a terminal the child gets the signal twice, from the terminal and from here; it counts such a pair as one.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const forward = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  child.on('error', (error) => {
    process.stderr.write(`robbieverse: ${node} could not be started (${error.message}). Run npm ci again.\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, forward)
    if (signal === null) process.exit(code ?? 1)
    // Whoever waits for this process sees the end that the child had.
    process.kill(process.pid, signal)
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000)
  })
}

/** The Node of the `node` package, beside this project's dependencies or hoisted to those of the project around it. */
function findBundledNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', file)
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) return null
  }
}
