import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'

import { usage } from './flags.ts'

/** Where `@file` and `@-` are read from. */
export type TextSource = { stdin: Readable }

/**
 * What a flag's value stands for: `@file` is the file's text, `@-` that of standard input, `@@text` is `@text` itself,
 * anything else is meant as it is. Text from files is kept to the letter, but for a leading byte-order mark.
 */
export class GivenTexts {
  readonly #source: TextSource
  #isStdinRead = false

  constructor(source: TextSource) {
    this.#source = source
  }

  async resolve(value: string): Promise<string> {
    if (!value.startsWith('@')) return value
    if (value.startsWith('@@')) return value.slice(1)
    const name = value.slice(1)
    return decode(name === '-' ? await this.#readStdin() : await readNamed(name), name)
  }

  async #readStdin(): Promise<Buffer> {
    if (this.#isStdinRead) throw usage('@- can be given once: standard input can be read only once.')
    this.#isStdinRead = true
    const pieces: Buffer[] = []
    for await (const piece of this.#source.stdin) pieces.push(Buffer.from(piece as Buffer))
    return Buffer.concat(pieces)
  }
}

async function readNamed(name: string): Promise<Buffer> {
  try {
    return await readFile(name)
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : (error as Error).message
    throw usage(`The file ${name} cannot be read: ${reason}. For a text that begins with @, write @@.`)
  }
}

function decode(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) throw usage(`${name === '-' ? 'Standard input' : name} is not UTF-8 text.`)
  return new TextDecoder('utf-8').decode(bytes)
}
