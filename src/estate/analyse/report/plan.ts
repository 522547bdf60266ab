import { byCodePoint, byKeys } from '../code-point-order.ts'
import type { Analysis, Finding, ObjectRef, PlanStep } from '../finding.ts'
import { getRule, RULES } from '../rules/index.ts'
import { PHASES, type Phase } from '../rules/rule.ts'
import { byObject, counted, groupByObject, objectKey, objectText, type ObjectGroup } from './object-groups.ts'

/** `object` needs `needs` to be there first, as a table does the one its key refers to. */
export type Need = { object: ObjectRef; needs: ObjectRef }

const FIRST = 5

/**
 * What to do, in an order in which nothing needs a later step: secrets, then objects one by one (what most fails for
 * first, and before each what it needs), then one step for each rule. `first` is the beginning of it in words.
 */
export function planOf(
  findings: readonly Finding[],
  needs: readonly Need[] = [],
): { plan: PlanStep[]; first: string[] } {
  const byPhase = Map.groupBy(findings, phaseOf)
  const steps = PHASES.filter((phase) => phase !== 'none').flatMap((phase) => {
    const own = byPhase.get(phase) ?? []
    return phase === 'object' ? objectSteps(own, needs) : ruleSteps(own)
  })
  const plan = steps.map((step, index) => ({ step: index + 1, ...step }))
  return { plan, first: plan.slice(0, FIRST).map(({ title, why }) => `${title}. ${why}`) }
}

/** The plan for what is left of an analysis, in the order of the plan it has. */
export function planAgain(findings: readonly Finding[], before: Analysis['plan']): ReturnType<typeof planOf> {
  const single = before.filter(({ objects }) => objects.length === 1).map(({ objects }) => objects[0]!)
  const objects = [...new Map(single.map((object) => [objectKey(object), object])).values()]
  // A chain of needs keeps the order as it was.
  return planOf(
    findings,
    objects.slice(1).map((object, index) => ({ object, needs: objects[index]! })),
  )
}

/**
 * When a finding is dealt with. What other statements fail for is a root cause and a step of its own, unless it stands
 * in a phase that is done before tables or hangs on them.
 */
function phaseOf({ rule, object, consequences }: Finding): Phase {
  const { phase } = getRule(rule)
  if (phase === 'object' && object.kind === 'policy') return 'policies'
  if (phase === 'object' && object.kind === 'index') return 'indexes'
  return phase === 'order' && consequences.length > 0 ? 'object' : phase
}

type Step = Omit<PlanStep, 'step'>

function objectSteps(findings: readonly Finding[], needs: readonly Need[]): Step[] {
  const groups = groupByObject(findings)
  return parentsFirst(heaviestFirst(groups), needs).map(objectStep)
}

/** What blocks others comes before what only is wrong itself. */
function heaviestFirst(groups: ObjectGroup[]): ObjectGroup[] {
  return groups.toSorted((a, b) => b.blocks - a.blocks)
}

/** Keeps the order, but puts before each group those that it needs; a circle is cut where it closes. */
function parentsFirst(groups: readonly ObjectGroup[], needs: readonly Need[]): ObjectGroup[] {
  const byKey = new Map(groups.map((group) => [objectKey(group.object), group]))
  const rank = new Map(groups.map((group, index) => [group, index]))
  const parents = Map.groupBy(needs, ({ object }) => objectKey(object))
  const ordered = new Set<ObjectGroup>()
  const entered = new Set<string>()
  // Depth first with a stack of its own: chains of keys may be longer than the call stack is deep.
  for (const { object } of groups) {
    const stack = [{ key: objectKey(object), isLeaving: false }]
    while (stack.length > 0) {
      const { key, isLeaving } = stack.pop()!
      const group = byKey.get(key)
      if (isLeaving && group) ordered.add(group)
      if (isLeaving || entered.has(key)) continue
      entered.add(key)
      const above = (parents.get(key) ?? []).map((need) => objectKey(need.needs))
      const rankOfKey = (name: string) => rank.get(byKey.get(name) as ObjectGroup) ?? groups.length
      const lightestFirst = byKeys<string>((a, b) => rankOfKey(b) - rankOfKey(a), byCodePoint)
      stack.push({ key, isLeaving: true })
      stack.push(...above.toSorted(lightestFirst).map((parent) => ({ key: parent, isLeaving: false })))
    }
  }
  return [...ordered]
}

function objectStep({ object, findings, blocks }: ObjectGroup): Step {
  const rules = ruleNames(findings)
  const leading = rules[0]!
  const fails = blocks === 0 ? '' : ` It has ${counted(blocks, 'consequence')}.`
  const message = findings.find(({ rule }) => rule === leading)!.message
  return {
    title: getRule(leading).action(() => objectText(object)),
    rules,
    objects: [object],
    why: `${sentence(message)}${fails}`,
  }
}

function ruleSteps(findings: readonly Finding[]): Step[] {
  const byRule = Map.groupBy(findings, ({ rule }) => rule)
  return ruleNames(findings).map((rule) => {
    const own = byRule.get(rule)!
    const objects = new Map(own.map(({ object }) => [objectKey(object), object]))
    const ordered = [...objects.values()].toSorted(byObject)
    const { action, why } = getRule(rule)
    const what = (one: string, many?: string) =>
      ordered.length === 1 ? objectText(ordered[0]!) : counted(ordered.length, one, many)
    return { title: action(what), rules: [rule], objects: ordered, why }
  })
}

function ruleNames(findings: readonly Finding[]): string[] {
  const names = new Set(findings.map(({ rule }) => rule))
  return RULES.map(({ id }) => id).filter((id) => names.has(id))
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
