import { kernelErrors } from '../kernel/errors.ts'

/** Longest body of a request whose operation names no other limit. */
export const DEFAULT_MAX_BODY_BYTES = 2 * 1024 * 1024

/** What is read and thrown away of a body that was refused already. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json$/

/**
 * The JSON of a request's body; undefined when it has none. Stops reading at `maxBytes`.
 * Throws BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE or MALFORMED_JSON (also for bytes that are not UTF-8).
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes)
  if (bytes.length === 0) return undefined
  checkMediaType(request.headers.get('content-type'))
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw kernelErrors.MALFORMED_JSON({ cause })
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => kernelErrors.BODY_TOO_LARGE({ data: { maxBytes } })
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge()
  if (!request.body) return Buffer.alloc(0)
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await readChunk(reader)
    if (done) return Buffer.concat(chunks)
    size += value.byteLength
    if (size > maxBytes) {
      void discard(reader)
      throw tooLarge()
    }
    chunks.push(value)
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function readChunk(reader: Reader) {
  try {
    return await reader.read()
  } catch (cause) {
    // The client went away in the middle: whatever it meant to send, this is not it.
    throw kernelErrors.MALFORMED_JSON({ cause })
  }
}

/** A client that still sends cannot read the refusal, and its connection could not be used again. */
async function discard(reader: Reader): Promise<void> {
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.byteLength
      if (size > MAX_DISCARDED_BYTES) return await reader.cancel()
    }
  } catch {
    // It went away, which is as good.
  }
}

function checkMediaType(header: string | null): void {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';')
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset.trim())
  if (!JSON_TYPE.test(type.trim()) || !isUtf8) throw kernelErrors.UNSUPPORTED_MEDIA_TYPE()
}
