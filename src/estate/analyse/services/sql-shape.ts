import { HOLE } from './joined-text.ts'
import type { Part } from './source.ts'

/** More of a text is not looked at: what a statement is, its beginning says. */
const LONGEST_HEAD = 8_000

const NAME = `[\\w$.\\u0080-\\uffff]+`
const CLAUSE =
  'where|join|left|right|inner|cross|full|natural|order|group|limit|offset|having|union|intersect|except|for|fetch|' +
  'window|tablesample|lateral|on|using|returning|set|values|with'
const END = `(?:$|[;,)(]|\\uffff|\\b(?:${CLAUSE})\\b)`
const OBJECT =
  '(?:or\\s+replace\\s+)?(?:(?:global|local|temp|temporary|unlogged|unique|materialized|recursive|constraint|event)\\s+)*'

/** What each kind of statement looks like at least; a sentence that begins with the same verb does not. */
const SHAPES: RegExp[] = [
  `^insert\\s+(?:or\\s+\\w+\\s+|ignore\\s+)?into\\s+${NAME}\\s*(?:as\\s+\\w+\\s*)?(?:\\([^()]*\\)\\s*(?:values|select|with|table|default|overriding|returning|\\(|\\uffff)|\\([^()]*$|\\(\\s*select|values\\s*[(\\uffff]|select\\b|with\\b|default\\s+values|\\uffff)`,
  `^update\\s+(?:only\\s+)?${NAME}(?:\\s+(?:as\\s+)?\\w+)?\\s+set\\s+(?:\\(|${NAME}\\s*(?:\\[[^\\]]*\\]\\s*)?=|\\uffff)`,
  `^delete\\s+from\\s+(?:only\\s+)?${NAME}(?:\\s+(?:as\\s+)?(?!where\\b)\\w+)?\\s*(?:$|;|\\uffff|(?:using|returning)\\s+${NAME}|where\\b[^]*?(?:[=<>(\\uffff~]|\\b(?:in|is|like|ilike|between)\\b|current\\s+of\\b|where\\s+(?:not\\s+)?\\w+\\s*(?:$|;|and\\b)))`,
  `^merge\\s+into\\s+${NAME}(?:\\s+(?:as\\s+)?\\w+)?\\s+using\\b`,
  `^with\\s+(?:recursive\\s+)?${NAME}\\s*(?:\\([^()]*\\)\\s*)?as\\s*(?:not\\s+)?(?:materialized\\s*)?[(\\uffff]`,
  `^create\\s+${OBJECT}table\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}\\s*(?:\\(|as\\s+(?:select|with|table|values|\\()|partition\\s+of|of\\s|using\\s|\\uffff)`,
  `^create\\s+${OBJECT}index\\s+(?:concurrently\\s+)?(?:if\\s+not\\s+exists\\s+)?(?:${NAME}\\s+)?on\\s+(?:only\\s+)?${NAME}\\s*(?:using\\s+\\w+\\s*)?[(\\uffff]`,
  `^create\\s+${OBJECT}view\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}\\s*(?:\\([^()]*\\)\\s*)?(?:with\\s*\\([^()]*\\)\\s*)?as\\s+(?:select|with|table|values|\\(|\\uffff)`,
  `^create\\s+${OBJECT}(?:function|procedure)\\s+${NAME}\\s*\\(`,
  `^create\\s+${OBJECT}trigger\\s+${NAME}\\s+(?:before|after|instead)\\b`,
  `^create\\s+policy\\s+${NAME}\\s+on\\s+${NAME}`,
  `^create\\s+type\\s+${NAME}\\s+as\\b`,
  `^create\\s+(?:extension|schema)\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}\\s*(?:$|;|(?:with|schema|version|cascade|authorization)\\b)`,
  `^create\\s+${OBJECT}sequence\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}\\s*(?:$|;|(?:as|start|increment|owned|minvalue|maxvalue|cache)\\b)`,
  `^alter\\s+(?:foreign\\s+)?(?:table|type|view|sequence|index|function|policy|schema)\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${NAME}[^;]{0,400}?\\b(?:add|drop|alter|rename|enable|disable|force|owner|set|attach|detach|inherit|validate|replica|restart|using|to)\\s+[\\w\\uffff]`,
  `^drop\\s+(?:table|index|(?:materialized\\s+)?view|schema|type|sequence|function|procedure|extension)\\s+(?:concurrently\\s+)?(?:if\\s+exists\\s+)?${NAME}\\s*(?:\\([^()]*\\)\\s*)?(?:$|[;,]|\\uffff|(?:cascade|restrict)\\b)`,
  `^drop\\s+(?:trigger|policy)\\s+(?:if\\s+exists\\s+)?${NAME}\\s+on\\s+${NAME}`,
  `^truncate\\s+(?:table\\s+(?:only\\s+)?${NAME}\\s*(?:$|[;,]|\\uffff|(?:cascade|restart|continue|restrict)\\b)|(?:only\\s+)?${NAME}(?:\\s*,\\s*${NAME})*\\s*(?:;|(?:cascade|restart|continue)\\b))`,
  `^copy\\s+(?:${NAME}\\s*(?:\\([^()]*\\)\\s*)?|\\([^]*\\)\\s*)(?:from|to)\\s+(?:stdin|stdout|program|'|\\uffff)`,
  `^refresh\\s+materialized\\s+view\\s+(?:concurrently\\s+)?${NAME}`,
  `^comment\\s+on\\s+(?:table|column|view|function|schema|type|index)\\s+${NAME}[^]{0,400}?\\sis\\s+(?:'|null|\\uffff)`,
  `^(?:grant|revoke)\\s+(?:all|select|insert|update|delete|usage|execute|truncate|references|trigger|connect)\\b[^]{0,400}?\\bon\\s+[^]{0,400}?\\b(?:to|from)\\s+${NAME}`,
  `^set\\s+(?:local\\s+|session\\s+)?search_path\\s*(?:=|to)`,
].map((shape) => new RegExp(shape, 'i'))

/** Verbs that may begin a statement, for a first look at a string. */
const VERB =
  /(?:select|insert|update|delete|merge|with|create|alter|drop|truncate|copy|refresh|comment|grant|revoke|set|explain)\b/iy

const PROSE =
  /(?<![.\w])(?<!\bas )(?:the|your|please|you|our|these|those|my|an|here|below|above|cannot|don't|you're)(?=[\s,!?;:]|$)/i
const PROSE_END =
  /(?:[\w)]\s*(?:[.!…:]|\.{3})|\b(?!(?:limit|offset|and|or|like|ilike|in|by|values|set|from|between|not|any|where|on|then|else|is|into|select)\s)\w+\s*\?)\s*$/i
const STRONG = /[*=<>]|\uffff|\w\.\w|::|'/
/** Functions that a `select` without `from` calls, besides those whose name has an underscore or a schema. */
const CALLED =
  /^(?:count|now|max|min|sum|avg|coalesce|nextval|currval|setval|lastval|version|random|exists|not\s+exists|array|null|true|false|cast|extract|to_\w+|[\w$]*[_.][\w$.]*)\s*(?:\(|\[|$|;|,|\bas\b)|^case\s+\S/i

/** A text without its comments and quoted texts, its parameters and template tokens as holes. */
function bareText(text: string): string {
  return text
    .slice(0, LONGEST_HEAD)
    .replaceAll(/--[^\n]*|\/\*[^]*?(?:\*\/|$)/g, ' ')
    .replaceAll(/(?<!\w)[eEnNbBxX]?'[^']*(?:'|$)/g, "'")
    .replaceAll(/"[^"]*(?:"|$)/g, 'q')
    .replaceAll(
      /\{\{[^{}\n]*\}\}|[$#]?\{[^{}\n]*\}|%\(\w+\)s|%[sdifvqIL]\b|\$\d+\b|(?<![:\w]):[A-Za-z_]\w*|@[A-Za-z_]\w*/g,
      HOLE,
    )
    .trim()
}

/** A first look, at the source of a string's only or first part: whether a statement may begin there. */
export function mayBeginStatement(source: string, { start, end }: Part, isFirst: boolean): boolean {
  let at = start
  while (at < end && /[\s(;\ufeff]/.test(source[at]!)) at += 1
  if (at >= end) return isFirst
  if ('-/\\'.includes(source[at]!)) return true
  VERB.lastIndex = at
  return VERB.test(source)
}

/** Where the first statement begins, after spaces, comments, brackets and one hole; -1 if no verb of SQL stands there. */
export function statementStart(text: string): number {
  const skip = /[\s(;\ufeff]+|--[^\n]*|\/\*[^]*?(?:\*\/|$)/y
  let at = 0
  let hasHole = false
  for (;;) {
    skip.lastIndex = at
    const skipped = skip.exec(text)?.[0].length ?? 0
    if (skipped > 0) at += skipped
    else if (text[at] === HOLE && !hasHole) {
      hasHole = true
      at += 1
    } else break
  }
  VERB.lastIndex = at
  return VERB.test(text) ? at : -1
}

/** Whether a text that begins with a verb of SQL is a statement rather than a sentence. */
export function looksLikeSql(text: string): boolean {
  const bare = bareText(text).replace(/^explain\s+(?:\([^()]*\)\s*|analyze\s+|verbose\s+)*/i, '')
  const verb = /^\w+/.exec(bare)?.[0] ?? ''
  if (PROSE.test(bare) || PROSE_END.test(bare)) return false
  // `Select` is how sentences begin: more than words has to follow.
  const isMixed = verb !== verb.toLowerCase() && verb !== verb.toUpperCase()
  if (isMixed && !STRONG.test(bare.replaceAll(HOLE, 'x'))) return false
  if (/^select$/i.test(verb)) return isSelect(bare, isMixed)
  return SHAPES.some((shape) => shape.test(bare))
}

function isSelect(bare: string, isMixed: boolean): boolean {
  const from = /\bfrom\s+(?:only\s+|lateral\s+)?/i.exec(bare)
  if (!from) return !isMixed && isExpression(bare.slice('select'.length).trim())
  const list = bare.slice('select'.length, from.index).trim()
  const rest = bare.slice(from.index + from[0].length)
  if (
    !/^\(|^\uffff/.test(rest) &&
    !new RegExp(`^${NAME}(?:\\s+(?:as\\s+)?\\w+)?\\s*${END}`, 'i').test(rest)
  ) {
    return false
  }
  // `from` may stand in a function of the list, as in `extract(year from at)`.
  if (list.split('(').length > list.split(')').length) return true
  const items = list.replace(/^(?:distinct|all)\b/i, '').split(',')
  const isStrong = STRONG.test(bare) || items.length > 1
  return items.every((item) => {
    if (!/^\s*\w+(?:\s+\w+)+\s*$/.test(item)) return true
    return (
      /\b(?:as|case|end|null|is|not|and|or|like|in|over|between|current_date)\b/i.test(item) ||
      (isStrong && /^\s*\w+\s+\w+\s*$/.test(item))
    )
  })
}

/** What a `select` without `from` may begin with. */
function isExpression(list: string): boolean {
  if (/^(?:'|\uffff|\*)/.test(list)) return true
  if (/^[\d.]+\s*(?:$|[-+*/,;:<>=)]|(?:as|where|limit|union)\b)/i.test(list)) return true
  if (/^\(\s*select\b/i.test(list) || /^current_\w+\s*(?:$|[,;:])/i.test(list)) return true
  return CALLED.test(list)
}

/** JPQL and HQL name classes, and objects by their alias: `select u from User u`. They are no tables. */
export const isObjectQuery = (text: string) =>
  /^(?:[sS]elect|SELECT|[dD]elete|DELETE|[uU]pdate|UPDATE|[fF]rom|FROM)\b(?:[^]{0,2000}?\b(?:from|FROM|From))?\s+[A-Z][a-z]+\w*\b/.test(
    text,
  )

/** Functions whose text is for people: logs, errors, names of tests. What is handed to them is not sent. */
export const isForPeople = (callee: string) =>
  /^(?:log|debug|info|warn|warning|error|fatal|trace|exception|critical|print|println|printf|puts|echo|p|pp|describe|context|it|test|t|_|__|gettext|trans|translate|alert|confirm|toast|raise|throw|panic|fail|skip|expect|assert\w*|to[A-Z]\w+|\w*Error|\w*Exception|Errorf|Fatalf|Printf|Println|Logf|Infof|Debugf|Warnf|gql|graphql|html|css|WriteLine)$/.test(
    callee,
  )
