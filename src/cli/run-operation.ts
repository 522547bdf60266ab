import type { AnyOperation } from '../db/operation.ts'
import type { StreamEvent } from '../kernel/context.ts'
import { isStreamed } from '../kernel/operation.ts'
import { safeJson, SafeStream } from '../kernel/safe-text.ts'
import { withHomeDoor, type Surroundings } from './command.ts'
import { operationHelp } from './help.ts'
import { GivenTexts } from './given-text.ts'
import { readOperationCall } from './operation-input.ts'
import { render } from './render.ts'
import { EXIT } from './report-error.ts'
import { columnsOf, writeLine } from './terminal.ts'

/** Calls one operation with what was typed after its name, and prints its answer. */
export async function runOperation(
  operation: AnyOperation,
  tokens: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { terminal } = surroundings
  const call = await readOperationCall(operation, tokens, new GivenTexts(terminal))
  if (call.isHelp) {
    await writeLine(terminal.stdout, operationHelp(operation))
    return EXIT.ok
  }
  const isInPieces = isStreamed(operation) && call.input['stream'] === true && !call.isJson
  const pieces = new SafeStream()
  const onEvent = (event: StreamEvent) => {
    if (event.type === 'text') terminal.stdout.write(pieces.push(String(event.data['text'])))
  }
  const answer = await withHomeDoor(surroundings, operation.id, (door, signal) =>
    door.call({
      operation: operation.id,
      input: call.input,
      credential: null,
      requestId: surroundings.requestId,
      signal,
      interface: 'cli',
      ...(isInPieces ? { onEvent } : {}),
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
    }),
  )
  if (isInPieces) await writeLine(terminal.stdout, `${pieces.end()}\n`)
  await writeLine(terminal.stdout, call.isJson ? safeJson(answer) : render(answer, columnsOf(terminal)))
  return EXIT.ok
}
