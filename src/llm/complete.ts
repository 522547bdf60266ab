import type { ModelConfig } from '../kernel/config.ts'
import { kernelErrors, RobbieError } from '../kernel/errors.ts'
import type { ChatModel, Completion, PromptMessage } from '../kernel/services.ts'
import { llmErrors } from './llm.errors.ts'

type StreamOptions = { signal: AbortSignal; onText(text: string): void }

/** The configured model. Its provider's library is loaded at the first reply: it costs start-up time. */
export function createChatModel(config: ModelConfig): ChatModel {
  const name = `${config.provider}:${config.name}`
  return {
    name,
    complete: async (messages, options) => {
      try {
        return await stream(config, messages, options)
      } catch (error) {
        throw translate(error, options.signal)
      }
    },
  }
}

async function stream(
  config: ModelConfig,
  messages: PromptMessage[],
  options: StreamOptions,
): Promise<Completion> {
  const { streamText } = await import('ai')
  let failure: unknown
  const result = streamText({
    model: await loadModel(config),
    messages,
    allowSystemInMessages: true,
    abortSignal: options.signal,
    timeout: { firstChunkMs: config.silenceMs, chunkMs: config.silenceMs },
    maxRetries: 2,
    // Also when it was the timeout that ended it.
    onAbort: () => {
      failure ??= new Error('the model was silent for too long')
    },
    onError: ({ error }) => {
      failure = error
    },
  })
  let text = ''
  for await (const piece of result.textStream) {
    text += piece
    options.onText(piece)
  }
  if (failure) throw failure as Error
  options.signal.throwIfAborted()
  // What cannot be stored is replaced here, so that the reply that was streamed is the one that is kept.
  const storable = text.toWellFormed().replaceAll('\u0000', '\uFFFD').trim()
  if (storable === '') throw llmErrors.MODEL_EMPTY()
  const usage = await result.usage
  return {
    text: storable,
    model: `${config.provider}:${config.name}`,
    inputTokens: usage.inputTokens ?? null,
    outputTokens: usage.outputTokens ?? null,
  }
}

async function loadModel(config: ModelConfig) {
  if (config.provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    return createAnthropic({
      ...(config.url ? { baseURL: config.url } : {}),
      ...(config.key ? { apiKey: config.key } : {}),
    })(config.name)
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  return createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: config.url!,
    ...(config.key ? { apiKey: config.key } : {}),
  })(config.name)
}

function translate(error: unknown, signal: AbortSignal): RobbieError {
  if (error instanceof RobbieError) return error
  if (signal.aborted) return kernelErrors.CANCELLED({ cause: error })
  const status = findStatus(error)
  if (status === 429) return llmErrors.MODEL_BUSY({ cause: error })
  if (status !== null && status >= 400 && status < 500)
    return llmErrors.MODEL_REFUSED({ cause: error, data: { status } })
  return llmErrors.MODEL_UNAVAILABLE({ cause: error })
}

/** The provider's HTTP status, also when the library wrapped the error after its retries. */
function findStatus(error: unknown): number | null {
  const parts = error as { statusCode?: unknown; lastError?: unknown; cause?: unknown } | null | undefined
  if (typeof parts?.statusCode === 'number') return parts.statusCode
  const inner = parts?.lastError ?? parts?.cause
  return inner ? findStatus(inner) : null
}
