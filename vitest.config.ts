import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

import { defineConfig } from 'vitest/config'

// Whoever may only read the checkout runs the tests too: nothing is written into it.
const cacheDir = join(tmpdir(), `robbieverse-vitest-${userInfo().uid}`)

export default defineConfig({
  cacheDir,
  test: {
    include: ['{src,test,scripts,bench}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Each worker may hold an embedded database of some 215 MB and has a core's worth of work.
    maxWorkers: 2,
    // A process and the imports for each of some ninety files would take longer than the tests in them.
    isolate: false,
    // Generous, because no test measures time: a busy machine must not fail one.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Node runs the files as it does in production, types stripped and nothing else changed.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    fsModuleCache: false,
  },
})
