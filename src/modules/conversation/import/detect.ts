import { Tokenizer, TokenType } from '@streamparser/json'

import { isPng } from './png-text.ts'

/** What a file can be read as. */
export type ImportFormat = 'chatgpt' | 'claude' | 'sillytavern' | 'character-card-json' | 'character-card-png'

/** Deeper keys say nothing about a format. */
const deepest = 3

/**
 * The keys of the first object of a JSON text as far as the head shows it, those of nested objects with their
 * parent's key before a dot. In an array of objects, those of all that the head shows, so that one damaged
 * object hides nothing.
 */
function firstKeys(head: Uint8Array): { keys: Set<string>; isDamaged: boolean } {
  const keys = new Set<string>()
  const path: { isObject: boolean; key: string; expectsKey: boolean }[] = []
  const tokenizer = new Tokenizer()
  let isOver = false
  let isDamaged = false
  tokenizer.onError = () => {
    isDamaged = !isOver
    isOver = true
  }
  tokenizer.onToken = ({ token, value }) => {
    const top = path.at(-1)
    if (isOver) return
    if (token === TokenType.LEFT_BRACE) path.push({ isObject: true, key: '', expectsKey: true })
    else if (token === TokenType.LEFT_BRACKET) path.push({ isObject: false, key: '', expectsKey: false })
    else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) {
      path.pop()
      isOver = path.length === 0
    } else if (top === undefined) isOver = true
    else if (token === TokenType.COMMA) top.expectsKey = top.isObject
    else if (token === TokenType.STRING && top.expectsKey) {
      top.key = String(value)
      top.expectsKey = false
      if (path.length > deepest) return
      const named = path.filter((level) => level.isObject).map((level) => level.key)
      keys.add(named.join('.'))
    }
  }
  tokenizer.write(head)
  return { keys, isDamaged }
}

const cardFields = [
  'first_mes',
  'mes_example',
  'personality',
  'scenario',
  'description',
  'alternate_greetings',
]

function isCardKeys(keys: Set<string>): boolean {
  // A name and a description alone are in every second JSON file, package.json among them.
  const ofV1 = cardFields.filter((name) => keys.has(name) && name !== 'description')
  const ofData = cardFields.filter((name) => keys.has(`data.${name}`))
  return (
    (keys.has('name') && ofV1.length > 0) || (keys.has('data') && (keys.has('spec') || ofData.length > 1))
  )
}

function byKeys(keys: Set<string>): ImportFormat | null {
  // Some exports put an object around the array.
  if (keys.has('mapping') || keys.has('conversations.mapping')) return 'chatgpt'
  if (keys.has('chat_messages') || keys.has('conversations.chat_messages')) return 'claude'
  const isHeader = keys.has('chat_metadata') || (keys.has('user_name') && keys.has('character_name'))
  const isLine = keys.has('mes') && (keys.has('is_user') || keys.has('name'))
  if (isHeader || isLine) return 'sillytavern'
  return isCardKeys(keys) ? 'character-card-json' : null
}

/** For files whose beginning is damaged: what the name allows and the head still shows somewhere. */
function byName(head: Uint8Array, fileName: string): ImportFormat | null {
  const text = Buffer.from(head).toString('latin1')
  if (/\.jsonl$/i.test(fileName)) return /"mes"\s*:/.test(text) ? 'sillytavern' : null
  if (!/\.json$/i.test(fileName)) return null
  if (/"chat_messages"\s*:\s*\[/.test(text)) return 'claude'
  if (/"mapping"\s*:\s*\{/.test(text)) return 'chatgpt'
  return /"spec"\s*:\s*"chara_card_v\d/.test(text) ? 'character-card-json' : null
}

/**
 * Tells from the first bytes of a file (some 100 KB, fewer if it is shorter) what it is; the name only helps
 * where the beginning is damaged, because ChatGPT and Claude call their files alike. Null for anything
 * unknown. Never throws.
 */
export function detectFormat(head: Uint8Array, fileName: string): ImportFormat | null {
  if (isPng(head)) return 'character-card-png'
  const { keys, isDamaged } = firstKeys(head)
  return byKeys(keys) ?? (isDamaged ? byName(head, fileName) : null)
}
