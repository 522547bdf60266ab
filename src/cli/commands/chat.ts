import { createInterface } from 'node:readline'

import { RobbieError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { safeJson, safeLine, SafeStream } from '../../kernel/safe-text.ts'
import { isOn, JSON_FLAG, valueOf, withHomeDoor, type Command, type Surroundings } from '../command.ts'
import { ConversationClient, type Conversation, type Sent } from '../conversation-client.ts'
import type { ParsedFlags } from '../flags.ts'
import { usage } from '../flags.ts'
import { GivenTexts } from '../given-text.ts'
import { localTime } from '../render.ts'
import { EXIT, explain, toShown } from '../report-error.ts'
import { writeLine, type Terminal } from '../terminal.ts'

const DEFAULT_PERSONALITY = 'robbie-f'

export const chatCommand: Command = {
  name: 'chat',
  usage: '[PERSONALITY] [--message TEXT]',
  summary: 'Talks with a personality, going on where you left off; Robbie F when none is named.',
  flags: [
    { name: 'message', kind: 'value', summary: 'Say this, print the reply and end. @file and @- work too.' },
    { name: 'new', kind: 'switch', summary: 'Begin a new conversation.' },
    { name: 'conversation', kind: 'value', placeholder: 'ID', summary: 'Go on with this conversation.' },
    { ...JSON_FLAG, summary: 'With --message: print what conversation.send answers.' },
  ],
  run: async (flags, surroundings) => {
    const options = await readOptions(flags, surroundings.terminal)
    return withHomeDoor(surroundings, 'chat', async (door, signal) => {
      const chat = await openChat(new ConversationClient(door), options, signal)
      if (options.message === null) return talk(chat, surroundings, signal)
      await sayOnce(chat, { message: options.message, isJson: options.isJson }, surroundings.terminal, signal)
      return EXIT.ok
    })
  },
}

type Options = {
  personality: string
  message: string | null
  isNew: boolean
  conversation: string | null
  isJson: boolean
}

async function readOptions(flags: ParsedFlags, terminal: Terminal): Promise<Options> {
  const [personality = DEFAULT_PERSONALITY, surplus] = flags.positionals
  if (surplus !== undefined) throw usage(`chat takes one personality; put the text behind --message.`)
  const message = valueOf(flags, 'message')
  const options = {
    personality,
    message: message === undefined ? null : await new GivenTexts(terminal).resolve(message),
    isNew: isOn(flags, 'new'),
    conversation: valueOf(flags, 'conversation') ?? null,
    isJson: isOn(flags, 'json'),
  }
  if (options.message?.trim() === '') throw usage('--message needs some text.')
  if (options.isJson && options.message === null) throw usage('--json goes with --message.')
  if (options.isNew && options.conversation !== null)
    throw usage('--new and --conversation exclude each other.')
  return options
}

/**
 * The conversation that is spoken in; `current` is null until the first message begins it. `failed` is the line whose
 * reply did not come, with the key it was sent under: said again, it is answered and not stored a second time.
 */
type Chat = {
  client: ConversationClient
  personality: { slug: string; name: string }
  current: Conversation | null
  failed: { id: string; content: string; key: string } | null
}

async function openChat(client: ConversationClient, options: Options, signal: AbortSignal): Promise<Chat> {
  const personality = await client.personality(options.personality, signal)
  let current: Conversation | null = null
  if (options.conversation !== null) current = await client.conversation(options.conversation, signal)
  else if (!options.isNew) current = await client.latest(personality.slug, signal)
  return { client, personality, current, failed: null }
}

async function send(
  chat: Chat,
  content: string,
  options: { signal: AbortSignal; onText(text: string): void },
): Promise<Sent> {
  chat.current ??= await chat.client.begin(chat.personality.slug, options.signal)
  const { id } = chat.current
  const { failed } = chat
  const line = failed?.id === id && failed.content === content ? failed : { id, content, key: newId() }
  chat.failed = line
  try {
    const sent = await chat.client.send(line, options)
    chat.failed = null
    return sent
  } catch (error) {
    // Under this key there will never be an answer.
    if (error instanceof RobbieError && error.code === 'IDEMPOTENCY_REPLY_ERASED') chat.failed = null
    throw error
  }
}

async function sayOnce(
  chat: Chat,
  what: { message: string; isJson: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (what.isJson) {
    const sent = await send(chat, what.message, { signal, onText: () => undefined })
    await writeLine(terminal.stdout, safeJson(sent))
  } else {
    await streamReply(chat, what.message, terminal, signal)
  }
}

/** Prints the reply while it comes; one that does not stream, at its end. */
async function streamReply(
  chat: Chat,
  content: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const safe = new SafeStream()
  let isBegun = false
  const onText = (text: string) => {
    isBegun = true
    terminal.stdout.write(safe.push(text))
  }
  try {
    const sent = await send(chat, content, { signal, onText })
    if (!isBegun) onText(sent.reply.content)
  } finally {
    if (isBegun) await writeLine(terminal.stdout, safe.end())
  }
}

/** Reads lines until the end of input, `/quit` or Ctrl-C; Ctrl-C while a reply comes stops the reply only. */
async function talk(chat: Chat, surroundings: Surroundings, ended: AbortSignal): Promise<number> {
  const { terminal, requestId } = surroundings
  const isPerson = terminal.stdin.isTTY === true && terminal.stdout.isTTY === true
  const lines = createInterface({
    input: terminal.stdin,
    ...(isPerson ? { output: terminal.stdout, prompt: 'you> ' } : {}),
    terminal: isPerson,
  })
  let replying: AbortController | null = null
  const interrupt = () => (replying ? replying.abort() : lines.close())
  lines.on('SIGINT', interrupt)
  ended.addEventListener('abort', interrupt)
  // Lines that came before the end of the input are still read after it, when prompting would throw.
  let isOpen = true
  lines.on('close', () => (isOpen = false))
  const prompt = () => {
    if (isPerson && isOpen) lines.prompt()
  }
  if (isPerson) await writeLine(terminal.stdout, greeting(chat))
  prompt()
  try {
    for await (const line of lines) {
      const said = line.trim()
      if (said === '/quit' || said === '/exit') break
      if (said === '/new') chat.current = null
      else if (said === '/help') await writeLine(terminal.stdout, HELP)
      else if (said !== '') {
        replying = new AbortController()
        if (isPerson) terminal.stdout.write(`${safeLine(chat.personality.name)}> `)
        try {
          await streamReply(chat, line, terminal, AbortSignal.any([ended, replying.signal]))
        } catch (error) {
          if (!isPerson) throw error
          await writeLine(
            terminal.stdout,
            replying.signal.aborted ? '(stopped)' : explain(toShown(error), { command: null, requestId }),
          )
        }
        replying = null
      }
      if (ended.aborted) break
      prompt()
    }
  } finally {
    lines.close()
  }
  return EXIT.ok
}

const HELP = '/new begins a new conversation, /quit (or Ctrl-D) ends, Ctrl-C stops a reply.'

function greeting(chat: Chat): string {
  const { current, personality } = chat
  const name = safeLine(personality.name)
  const last = current?.lastMessageAt ? `, last ${localTime(current.lastMessageAt)}` : ''
  const where = current ? `Going on after ${current.messageCount} messages${last}.` : 'A new conversation.'
  return `${name}. ${where} ${HELP}`
}
