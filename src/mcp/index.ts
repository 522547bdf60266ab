export { createMcpServer, IDEMPOTENCY_META, type McpParts } from './server.ts'
export { runMcpStdio } from './stdio.ts'
