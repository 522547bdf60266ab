import { HttpDoor } from '../../src/doors/http-door.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createMcpServer, runMcpStdio } from '../../src/mcp/index.ts'
import { testOperations } from '../http/note-operations.ts'

// MCP over standard input and output in a process of its own, through the server at ADDRESS.

const door = new HttpDoor({ address: process.env['ADDRESS']!, operations: testOperations })
const server = createMcpServer({
  door,
  operations: testOperations,
  version: '0.0.0-test',
  credential: { kind: 'key', key: process.env['KEY']! },
  interface: 'mcp',
  log: createLogger('silent'),
})
const running = runMcpStdio(server)
console.log('what a library prints must not reach the client')
await running
