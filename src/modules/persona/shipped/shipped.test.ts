import { describe, expect, it } from 'vitest'
import { groundRules } from './compose.ts'
import {
  type MoodName,
  shippedCategories,
  shippedMoods,
  shippedPersonalities,
  type ShippedPrompt,
  type TriggerCondition,
} from './shipped.ts'

type Situation = { attraction: number; gandhiGenghis: number; keywords: ReadonlySet<string> }

const moodNames: MoodName[] = ['friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing']
const listedKeywords = ['private', 'crisis', 'urgent', 'deadline', 'critical', 'unexpected', 'surprise']

const prompts: { id: string; slug: string; mood: MoodName; prompt: ShippedPrompt }[] =
  shippedPersonalities.flatMap((personality) =>
    moodNames.map((mood) => ({
      id: `${personality.slug} ${mood}`,
      slug: personality.slug,
      mood,
      prompt: personality.prompts[mood],
    })),
  )

function holds(condition: TriggerCondition, { attraction, gandhiGenghis, keywords }: Situation): boolean {
  return (
    attraction >= (condition.attractionMin ?? attraction) &&
    gandhiGenghis >= (condition.gandhiGenghisMin ?? gandhiGenghis) &&
    (condition.keywords === undefined || condition.keywords.some((keyword) => keywords.has(keyword)))
  )
}

function moodByConditions(situation: Situation): MoodName | undefined {
  const inOrder = shippedMoods.toSorted((a, b) => a.evaluationOrder - b.evaluationOrder)
  const applying = inOrder.find((mood) =>
    mood.triggerConditions.some((condition) => holds(condition, situation)),
  )
  return (applying ?? inOrder.find((mood) => mood.isDefault))?.name
}

function moodByRule({ attraction, gandhiGenghis, keywords }: Situation): MoodName {
  if (attraction === 11 && keywords.has('private')) return 'blushing'
  if (gandhiGenghis >= 8 || keywords.has('crisis')) return 'bossy'
  if (attraction >= 8) return 'playful'
  if (keywords.has('urgent') || keywords.has('deadline') || keywords.has('critical')) return 'focused'
  if (keywords.has('unexpected') || keywords.has('surprise')) return 'surprised'
  return 'friendly'
}

function everySubset(words: string[]): Set<string>[] {
  return Array.from(
    { length: 2 ** words.length },
    (_, bits) => new Set(words.filter((_word, i) => (bits >> i) & 1)),
  )
}

const wordCount = (text: string) => text.split(/\s+/).length
const emojiIn = (text: string) => text.match(/\p{RGI_Emoji}/gv) ?? []
const idsWhere = (fails: (entry: (typeof prompts)[number]) => boolean) =>
  prompts.filter(fails).map(({ id }) => id)

function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

describe('shipped moods', () => {
  it('choose the mood the rule names for every slider pair and every subset of the listed keywords', () => {
    const disagreements: string[] = []
    let compared = 0
    for (const keywords of everySubset(listedKeywords)) {
      for (let attraction = 1; attraction <= 11; attraction += 1) {
        for (let gandhiGenghis = 1; gandhiGenghis <= 10; gandhiGenghis += 1) {
          const situation = { attraction, gandhiGenghis, keywords }
          const [chosen, ruled] = [moodByConditions(situation), moodByRule(situation)]
          compared += 1
          if (chosen !== ruled) {
            disagreements.push(
              `${attraction}/${gandhiGenghis} ${[...keywords].join('+')}: ${chosen}, not ${ruled}`,
            )
          }
        }
      }
    }
    expect(disagreements).toEqual([])
    expect(compared).toBe(11 * 10 * 2 ** 7)
  })

  it('react to no keyword but the listed ones', () => {
    const used = shippedMoods.flatMap((mood) =>
      mood.triggerConditions.flatMap((condition) => condition.keywords ?? []),
    )
    expect(used.toSorted()).toEqual(listedKeywords.toSorted())
  })

  it('are the six names once each, with gapless orders and one default', () => {
    expect(shippedMoods.map((mood) => mood.name).toSorted()).toEqual(moodNames.toSorted())
    expect(shippedMoods.map((mood) => mood.displayOrder)).toEqual([1, 2, 3, 4, 5, 6])
    expect(shippedMoods.map((mood) => mood.evaluationOrder).toSorted()).toEqual([1, 2, 3, 4, 5, 6])
    expect(shippedMoods.filter((mood) => mood.isDefault).map((mood) => mood.name)).toEqual(['friendly'])
  })

  it('have no condition without parts, which would hold always', () => {
    const conditions = shippedMoods.flatMap((mood) => mood.triggerConditions)
    expect(conditions.filter((condition) => Object.keys(condition).length === 0)).toEqual([])
    expect(conditions.filter((condition) => condition.keywords?.length === 0)).toEqual([])
  })

  it('show a different single emoji each', () => {
    expect(shippedMoods.filter((mood) => emojiIn(mood.emoji).join() !== mood.emoji)).toEqual([])
    expect(repeated(shippedMoods.map((mood) => mood.emoji))).toEqual([])
  })
})

describe('shipped personalities', () => {
  it('are the seven with their categories and sliders', () => {
    expect(
      shippedPersonalities.map(({ slug, category, attraction, gandhiGenghis }) => [
        slug,
        category,
        attraction,
        gandhiGenghis,
      ]),
    ).toEqual([
      ['robbie-f', 'robbie', 11, 5],
      ['robbie-m', 'robbie', 3, 7],
      ['steve-jobs', 'mentors', 1, 9],
      ['allanbot', 'mentors', 5, 7],
      ['kristina', 'mentors', 5, 4],
      ['bookkeeper', 'pros', 2, 6],
      ['gatekeeper', 'pros', 2, 7],
    ])
  })

  it('have unique slugs and names, a revision, and a single emoji as avatar', () => {
    expect(repeated(shippedPersonalities.map(({ slug }) => slug))).toEqual([])
    expect(repeated(shippedPersonalities.map(({ name }) => name))).toEqual([])
    expect(
      shippedPersonalities.filter(({ revision }) => !Number.isInteger(revision) || revision < 1),
    ).toEqual([])
    expect(shippedPersonalities.filter(({ avatar }) => emojiIn(avatar).join() !== avatar)).toEqual([])
  })

  it('fill every category, and the categories have unique slugs in display order', () => {
    const slugs = shippedCategories.map(({ slug }) => slug)
    expect(slugs).toEqual(['robbie', 'mentors', 'pros'])
    expect(shippedCategories.map(({ displayOrder }) => displayOrder)).toEqual([1, 2, 3])
    expect([...new Set(shippedPersonalities.map(({ category }) => category))]).toEqual(slugs)
  })

  it('rest in the mood that their own sliders give', () => {
    const resting = shippedPersonalities.map((personality) => [
      personality.slug,
      moodByConditions({ ...personality, keywords: new Set() }),
    ])
    expect(Object.fromEntries(resting)).toEqual({
      'robbie-f': 'playful',
      'robbie-m': 'friendly',
      'steve-jobs': 'bossy',
      allanbot: 'friendly',
      kristina: 'friendly',
      bookkeeper: 'friendly',
      gatekeeper: 'friendly',
    })
  })
})

describe('shipped prompts', () => {
  it('exist for exactly the six moods of every personality', () => {
    for (const { prompts: own } of shippedPersonalities) expect(Object.keys(own)).toEqual(moodNames)
  })

  it('address the model as you and keep to 120 to 260 words', () => {
    const counts = prompts.map(({ id, prompt }) => [id, wordCount(prompt.systemPrompt)] as const)
    expect(counts.filter(([, words]) => words < 120 || words > 260)).toEqual([])
    expect(idsWhere(({ prompt }) => !prompt.systemPrompt.startsWith('You are '))).toEqual([])
  })

  it('differ in conduct, tone, style, emoji and examples between all personalities and moods', () => {
    const conducts = prompts.map(({ prompt }) => prompt.systemPrompt.split('\n\n').at(-1) ?? '')
    expect(repeated(conducts.map((conduct) => conduct.replace(/^Your mood now is \w+\. /, '')))).toEqual([])
    expect(repeated(prompts.map(({ prompt }) => prompt.tone))).toEqual([])
    expect(repeated(prompts.map(({ prompt }) => prompt.style))).toEqual([])
    expect(repeated(prompts.map(({ prompt }) => prompt.emojiGuidelines))).toEqual([])
    expect(repeated(prompts.flatMap(({ prompt }) => prompt.exampleReplies))).toEqual([])
  })

  it('say in each conduct how long a reply is and how to refuse', () => {
    const lacks = (pattern: RegExp) =>
      idsWhere(({ prompt }) => !pattern.test(prompt.systemPrompt.split('\n\n').at(-1) ?? ''))
    expect(lacks(/sentence|line|bullet|item|paragraph|table/)).toEqual([])
    expect(lacks(/\b(say no|decline|refuse|default is no)\b/i)).toEqual([])
  })

  it('carry the ground rules and name their mood', () => {
    expect(idsWhere(({ prompt }) => !prompt.systemPrompt.includes(groundRules))).toEqual([])
    expect(
      idsWhere(({ mood, prompt }) => !prompt.systemPrompt.includes(`Your mood now is ${mood}.`)),
    ).toEqual([])
  })

  it('hold no placeholder, no stray white space and no name of an owner', () => {
    const texts = prompts.flatMap(({ id, prompt }) =>
      [prompt.systemPrompt, prompt.tone, prompt.style, prompt.emojiGuidelines, ...prompt.exampleReplies].map(
        (text) => ({ id, text }),
      ),
    )
    expect(texts.filter(({ text }) => /[{}<>[\]]|\$\w|TODO|lorem|undefined/i.test(text))).toEqual([])
    expect(texts.filter(({ text }) => text === '' || text !== text.trim() || / {2}/.test(text))).toEqual([])
    expect(texts.filter(({ text }) => /\bAllan\b/.test(text))).toEqual([])
  })

  it('give two or three example replies without figures that a model could take for facts', () => {
    expect(idsWhere(({ prompt }) => ![2, 3].includes(prompt.exampleReplies.length))).toEqual([])
    expect(idsWhere(({ prompt }) => prompt.exampleReplies.some((reply) => /\d/.test(reply)))).toEqual([])
  })

  it('use in the examples only emoji that their own guidelines allow', () => {
    const stray = prompts.flatMap(({ id, prompt }) => {
      const allowed = new Set(emojiIn(prompt.emojiGuidelines))
      return emojiIn(prompt.exampleReplies.join(' '))
        .filter((emoji) => !allowed.has(emoji))
        .map((emoji) => `${id}: ${emoji}`)
    })
    expect(stray).toEqual([])
  })

  it('say in every guideline when no emoji is used', () => {
    expect(idsWhere(({ prompt }) => !/\b(none|no|nothing|never)\b/i.test(prompt.emojiGuidelines))).toEqual([])
  })

  it('keep the Steve Jobs mentor honest about what it is, in every mood', () => {
    const own = prompts.filter(({ slug }) => slug === 'steve-jobs').map(({ prompt }) => prompt)
    for (const { systemPrompt, exampleReplies } of own) {
      expect(systemPrompt).toContain(
        'an AI mentor inspired, in general terms, by public writing and interviews',
      )
      expect(systemPrompt).toMatch(/You are not him: say so .* never claim to be him, quote him/)
      expect(exampleReplies.filter((reply) => /["“”«»]|\bI am Steve\b|\bI'm Steve\b/.test(reply))).toEqual([])
    }
    for (const mood of ['friendly', 'bossy']) {
      const [first] = prompts.find((entry) => entry.id === `steve-jobs ${mood}`)?.prompt.exampleReplies ?? []
      expect(first).toMatch(/I'm an AI mentor,? inspired/)
    }
  })

  it('make AllanBot ask for a recorded decision where there is none, in every mood', () => {
    const own = prompts.filter(({ slug }) => slug === 'allanbot').map(({ prompt }) => prompt.systemPrompt)
    for (const systemPrompt of own) {
      expect(systemPrompt).toContain('ask for the decision and its reason; never make one up')
      expect(systemPrompt).toContain('recorded, inferred or unknown')
    }
  })
})
