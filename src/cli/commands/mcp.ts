import { withHomeDoor, type Command } from '../command.ts'
import { EXIT } from '../report-error.ts'

export const mcpCommand: Command = {
  name: 'mcp',
  usage: '',
  summary: 'Speaks MCP on standard input and output, for editors and agents.',
  flags: [],
  run: async (_flags, surroundings) => {
    const { host, log } = surroundings
    const { createMcpServer, runMcpStdio } = await import('../../mcp/index.ts')
    await withHomeDoor(surroundings, 'mcp', async (door, signal) => {
      // The door fills in the owner's key, and looks for the server anew when it was restarted meanwhile.
      const server = createMcpServer({
        door,
        operations: host.operations,
        version: host.version,
        credential: null,
        interface: 'mcp',
        log,
      })
      signal.addEventListener('abort', () => void server.close(), { once: true })
      await runMcpStdio(server)
    })
    return EXIT.ok
  },
}
