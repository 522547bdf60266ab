import pg from 'pg'
import { afterEach, expect, it } from 'vitest'

import { EmbeddedEngine } from './pglite.ts'

const engine = new EmbeddedEngine({ dataDir: null, maxStatementMs: 1_000 })
afterEach(() => engine.close())

const clientOf = (owner: EmbeddedEngine) =>
  new pg.Client({ user: 'postgres', database: 'postgres', stream: () => owner.openStream() as never })

/** A simple query as the bytes of the protocol. */
function queryBytes(sql: string): Uint8Array {
  const bytes = Buffer.alloc(6 + Buffer.byteLength(sql))
  bytes.write('Q')
  bytes.writeUInt32BE(bytes.length - 1, 1)
  bytes.write(sql, 5)
  return bytes
}

it('a client whose engine ended between two statements does not go on outside its transaction', async () => {
  const client = clientOf(engine)
  const lost = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  await client.query('create role app; begin; set local role app')
  await expect(
    engine.request('batch', queryBytes('select count(*) from generate_series(1, 1e12)')),
  ).rejects.toThrow('longer than 1000 ms')
  expect(String(await lost)).toContain('longer than 1000 ms')
  await expect(client.query('select current_user')).rejects.toThrow()
  const next = clientOf(engine)
  await next.connect()
  expect((await next.query('select current_user as name')).rows).toEqual([{ name: 'postgres' }])
  await next.end()
})
