import { describe, expect, it } from 'vitest'

import { aborted, interruptible } from './interrupt.ts'

function makeTerminal() {
  const handlers = new Set<() => void>()
  const state = { now: 1_000, exits: [] as number[] }
  return {
    state,
    send: () => {
      for (const handler of handlers) handler()
    },
    terminal: {
      clock: { now: () => new Date(state.now) },
      onSignal: (handler: () => void) => {
        handlers.add(handler)
        return () => handlers.delete(handler)
      },
      exit: (code: number) => void state.exits.push(code),
    },
  }
}

describe('an interruptible command', () => {
  it('is asked to stop by the first signal and ended by a second', async () => {
    const { state, send, terminal } = makeTerminal()
    const { signal } = interruptible(terminal)
    expect(signal.aborted).toBe(false)
    send()
    await aborted(signal)
    expect(state.exits).toEqual([])
    state.now += 1_000
    send()
    expect(state.exits).toEqual([130])
  })

  it('takes a signal that arrives twice at once for one', () => {
    const { state, send, terminal } = makeTerminal()
    interruptible(terminal)
    send()
    state.now += 100
    send()
    expect(state.exits).toEqual([])
  })

  it('hears nothing any more when it is over', () => {
    const { send, terminal } = makeTerminal()
    const { signal, release } = interruptible(terminal)
    release()
    send()
    expect(signal.aborted).toBe(false)
  })
})
