import { afterAll, beforeAll, expect } from 'vitest'

import type { Backend } from '../../src/db/database.ts'
import { openCli } from './cli-client.ts'
import type { DoorName, TestDoor } from './door.ts'
import { makeHome, type Home } from './home.ts'
import { openHttp } from './http-client.ts'
import { openMcpHttp, type McpDoor } from './mcp-client.ts'
import { addPerson, findOwnerPerson, giveKey, homeTown, type Person } from './people.ts'
import { startApp, type RunningApp } from './running-app.ts'

/** A running server with people of each standing in its town `home`. */
export type Stage = {
  home: Home
  app: RunningApp
  townId: string
  owner: Person
  member: Person
  other: Person
  guest: Person
  /** The HTTP door as a person, the owner when left out. */
  http(person?: Person): TestDoor
  /** Any door as a person; those of MCP are streamable HTTP and stay open until the end. */
  door(name: DoorName, person?: Person): Promise<TestDoor>
}

/**
 * Starts a server before the tests around it and ends it after them, with a check that it logged no failure of its
 * own. `env` adds variables of the server.
 */
export function useStage(backend: Backend, env: Record<string, string> = {}): () => Stage {
  let stage: Stage | null = null
  const mcp = new Map<string, Promise<McpDoor>>()
  beforeAll(async () => {
    const home = await makeHome(backend)
    stage = await setUp(home, await startApp(home, env), mcp)
  })
  afterAll(async () => {
    if (!stage) return
    for (const door of mcp.values()) await (await door).close()
    await stage.app.stop()
    const log = stage.app.log()
    await stage.home.remove()
    expect(log).toBe('')
  })
  return () => stage!
}

async function setUp(home: Home, app: RunningApp, mcp: Map<string, Promise<McpDoor>>): Promise<Stage> {
  const { query, address } = app
  const townId = await homeTown(query)
  const owner = await findOwnerPerson(query)
  const admin = openHttp(address, owner.key)
  return {
    home,
    app,
    townId,
    owner,
    member: await addPerson(admin, { name: 'Mia', role: 'user', townId }),
    other: await addPerson(admin, { name: 'Otto', role: 'user', townId }),
    guest: await giveKey(query, await addPerson(admin, { name: 'Gus', role: 'readonly', townId })),
    http: (person = owner) => openHttp(address, person.key),
    door: async (name, person = owner) => {
      if (name === 'http') return openHttp(address, person.key)
      if (name === 'cli') return openCli(home, person.key)
      let door = mcp.get(person.key)
      if (!door) {
        door = openMcpHttp(address, person.key)
        mcp.set(person.key, door)
      }
      return door
    },
  }
}
