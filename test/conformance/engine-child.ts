import { openEmbedded } from '../../src/db/open.ts'

// A program with no handle of its own but the database: what the database waits for must keep it alive.
const database = openEmbedded({ dataDir: process.argv[2]!, schemas: [], limits: { sessionMs: 1_000 } })
const forever = 'select count(*) from generate_series(1, 1000000000000) n where n % 7 = 3'
await database.session((session) => session.query(forever)).catch(() => console.log('ended'))
const rows = await database.session((session) => session.query<{ one: number }>('select 1 as one'))
console.log(`then ${rows[0]!.one}`)
await database.session((session) => session.query(forever)).catch(() => console.log('ended'))
await database.close()
console.log('closed')
