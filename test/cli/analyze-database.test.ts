import { expect, it } from 'vitest'

import { startHere } from './run-here.ts'

const estate = new URL('../golden/analyse/rules/drifted/column_added_by_hand/estate', import.meta.url)
  .pathname

it('reports on the files although the database cannot be reached, ends with 1, and shows no password', async () => {
  // Nothing listens on port 1.
  const url = 'postgres://me:hush%2Dhush@127.0.0.1:1/crm'
  const { code, stdout, stderr } = await startHere(['analyze', estate, '--database', url], {}).done
  expect(stdout).toContain('Looked at 1 file, 1 statement')
  expect(stdout).toContain('The database 127.0.0.1:1/crm cannot be read: nothing listens there.')
  expect(code).toBe(1)
  expect(stdout + stderr).not.toMatch(/hush/)
})
