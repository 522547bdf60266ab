import { factsOfColumn } from '../../src/db/column-facts.ts'
import type { ResourceFacts } from '../../src/db/module.ts'
import { toFieldName } from '../../src/modules/kit/index.ts'
import { hasVerb, ResourceMaker, resources } from '../support/resource-maker.ts'
import type { Input, TestDoor, Value } from './door.ts'
import type { Known } from './fuzz-inputs.ts'
import { openHttp } from './http-client.ts'
import { addPerson, giveKey, type Person } from './people.ts'
import type { Stage } from './stage.ts'

/** What the generated inputs may refer to, for each operation: each gets things that it may use up. */
export type World = { people: Person[]; known(operation: string): Known }

export async function makeWorld(stage: Stage): Promise<World> {
  const http = stage.http()
  const repeat = async <T>(make: (n: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 12 }, (_, n) => make(n)))
  const begin = async () => {
    const { id } = await http.call('conversation.create', { personality: 'robbie-f', privacy: 'public' })
    const root = { externalId: 'root', role: 'user', at: '2020-01-01T00:00:00Z', content: 'The root.' }
    await http.call('conversation.append', { id, messages: [root] })
    return id as string
  }
  const remember = async (n: number) =>
    (await http.call('memory.remember', { content: `Memory ${n}.`, privacy: 'public' })).id as string
  const conversations = await repeat(begin)
  const memories = await repeat(remember)
  const addPeople = () =>
    repeat(async (n) => (await addPerson(http, { name: `P${n}`, role: 'user', townId: stage.townId })).userId)
  const usedUp: Known = {
    'conversation.archive': await repeat(begin),
    'memory.forget': await repeat(remember),
    'identity.members.update': await addPeople(),
    'identity.members.remove': await addPeople(),
    'identity.keys.revoke': await repeat(async () => (await giveKey(stage.app.query, stage.owner)).keyId),
  }
  const messages = await repeat(async (n) => {
    const input = { id: conversations[n % 3]!, content: `Message ${n}.` }
    return (await http.call('conversation.send', input)).userMessage.id as string
  })
  const slugs = ['robbie-f', 'kristina', 'nobody']
  const shared = {
    slug: slugs,
    personality: slugs,
    category: ['robbie', 'pros', 'none'],
    messageId: messages,
    parentExternalId: ['root'],
    currentLeaf: ['root'],
    town: ['home'],
    'operations[]': ['memory.*', 'persona.list'],
    'personalities[]': ['robbie-f', 'kristina'],
  }
  const mirrored = await makeMirrored(stage)
  const agenda = await makeAgenda(http)
  const across = await makeAcross(stage)
  const people = await makePeople(stage)
  const told = await makeTold(stage, { conversations, messages })
  const things = new Map<string, Known>()
  for (const resource of resources.filter(isMade)) things.set(resource.id, await makeThings(stage, resource))
  return {
    people: [stage.owner, stage.owner, stage.owner, stage.member, stage.guest],
    known: (operation) => {
      if (operation === 'persona.create' || operation === 'town.create') return { ...shared, slug: [] }
      const ofResource = things.get(operation.slice(0, operation.lastIndexOf('.')))
      const given = { ...agenda, ...mirrored, ...across, ...people, ...told }[operation]
      if (ofResource) return { ...PERIOD, ...ofResource, ...given }
      if (given) return given
      const ids = operation.startsWith('memory.') ? memories : conversations
      return { ...shared, id: usedUp[operation] ?? ids }
    },
  }
}

/** Times of which the second is after the first, as most things that have both want them. */
const PERIOD: Known = { startsAt: ['2026-01-01T10:00:00Z'], endsAt: ['2026-01-01T12:00:00Z'] }

/** Whether its own operations make things of it; what follows from other operations is made by those. */
const isMade = (resource: ResourceFacts) => hasVerb(resource, 'create') || hasVerb(resource, 'upsert')

/** What the operations on mirrored things are about: accounts of the owner, and rows that are the owner's to mark. */
async function makeMirrored({ app, owner, http }: Stage): Promise<Record<string, Known>> {
  const maker = new ResourceMaker((operation, input) => http().call(operation, input), owner, app.query)
  const make = async (id: string, more: Input = {}) => {
    const resource = resources.find((each) => each.id === id)!
    return [(await maker.make(resource, 'required', more)).id as string]
  }
  const contactId = await make('crm.contacts')
  const accounts = { id: await make('google.accounts', { userId: owner.userId }) }
  const shared = ['mails', 'threads', 'events', 'files', 'tasks', 'contacts']
  return {
    ...Object.fromEntries(shared.map((name) => [`google.shared_${name}`, accounts])),
    'google.access': accounts,
    'google.mark_thread': { id: await make('google.threads'), contactId },
    'slack.mark_message': { id: await make('slack.messages') },
    'linkedin.link_profile': { id: await make('linkedin.profiles'), contactId },
  }
}

/** What the commands of the agenda may use up, each once, and times that its questions can be about. */
async function makeAgenda(http: TestDoor): Promise<Record<string, Known>> {
  const open = async (operation: string, input: Input) => {
    const made = await Promise.all(Array.from({ length: 12 }, () => http.call(operation, input)))
    return made.map(({ id }) => id as string)
  }
  const tasks = () => open('agenda.tasks.create', { title: 'A task' })
  const promises = () => open('agenda.commitments.create', { promise: 'A promise' })
  const items = () => open('agenda.attention.create', { title: 'An item' })
  const range = { from: ['2026-01-01T00:00:00Z'], to: ['2026-02-01T00:00:00Z'] }
  return {
    'agenda.tasks.complete': { id: await tasks() },
    'agenda.tasks.reopen': {
      id: await open('agenda.tasks.create', { title: 'A task', completedAt: '2026-01-01T00:00:00Z' }),
    },
    'agenda.commitments.complete': { id: await promises() },
    'agenda.commitments.cancel': { id: await promises() },
    'agenda.commitments.add_progress': { id: await promises() },
    'agenda.attention.snooze': { id: await items(), until: ['2100-01-01T00:00:00Z'] },
    'agenda.attention.done': { id: await items() },
    'agenda.attention.dismiss': { id: await items() },
    'agenda.calendar.conflicts': range,
    'agenda.calendar.free_busy': range,
  }
}

/** What the operations of platform and sharing are about: secrets, a setting, another town, and what is shared with it. */
async function makeAcross({ app, http: open }: Stage): Promise<Record<string, Known>> {
  const http = open()
  const town = await http.call('town.create', { slug: 'elsewhere', name: 'Elsewhere' })
  const { key } = await http.call('identity.keys.create', { name: 'there', town: town.id })
  const { items } = await http.call('persona.list')
  const knowledge = (n: number) => ({ kind: 'knowledge', item: { title: `Lore ${n}` } })
  const some = async (make: (n: number) => Promise<Value>) =>
    (await Promise.all(Array.from({ length: 12 }, (_, n) => make(n)))).map(({ id }) => id as string)
  const secrets = (service: string) =>
    some((n) => http.call('platform.secrets.set', { service, keyName: `key ${n}`, value: 'secret' }))
  const there = openHttp(app.address, key)
  await there.call('sharing.grant', { ...knowledge(0), town: 'home' })
  const received = await http.call('sharing.shared.list', { kind: 'knowledge' })
  const granted = await some((n) => http.call('sharing.grant', { ...knowledge(n), town: 'elsewhere' }))
  return {
    'sharing.grants.get': { id: granted },
    'platform.config.get': { key: ['health.keep_days'] },
    'platform.config.reset': { key: ['health.keep_days'] },
    'platform.secrets.rotate': { id: await secrets('rotated') },
    'platform.secrets.delete': { id: await secrets('deleted') },
    'sharing.grant': {
      town: ['elsewhere'],
      objectId: items.map((item: Value) => item.id),
      'fields[]': ['mood'],
      expiresAt: ['2100-01-01T00:00:00Z'],
    },
    'sharing.revoke': { id: granted },
    'sharing.shared.get': { id: received.items.map((item: Value) => item.id) },
    'sharing.govern': { town: ['elsewhere'] },
  }
}

/** What is about people: organizations, sessions, invitations, also one of the owner into a town of somebody else. */
async function makePeople({
  app,
  http,
  owner,
  member,
  other,
  townId,
}: Stage): Promise<Record<string, Known>> {
  const admin = await addPerson(http(), { name: 'Ada', role: 'admin', townId })
  await http(admin).call('town.create', { slug: 'afar', name: 'Afar' })
  const { key } = await http(admin).call('identity.keys.create', { name: 'afar', town: 'afar' })
  const afar = openHttp(app.address, key)
  const { email } = await http(owner).call('identity.me')
  const invite = async (door: TestDoor, to: string): Promise<Value> =>
    door.call('identity.invitations.create', { email: to })
  const invitations = await times(5, (n) => invite(http(), `guest-${n}@example.org`))
  const tokens = await times(3, async () => (await invite(afar, email)).token as string)
  await times(5, async () => {
    const { link } = await http().call('identity.sign_in_link')
    await fetch(link, { redirect: 'manual' })
  })
  const sessions = await http().call('identity.sessions.list')
  const organizations = await times(3, async (n) => {
    const made = await http().call('identity.organizations.create', { slug: `firm-${n}`, name: 'Firm' })
    return made.id as string
  })
  const workers = [member, other, admin].map(({ userId }) => userId)
  for (const person of workers) {
    const set = { id: organizations[0], person, role: 'employee' }
    await http().call('identity.organization_members.set', set)
  }
  return {
    'identity.invitations.revoke': { id: invitations.map(({ invitation }) => invitation.id) },
    'identity.invitations.accept': { token: tokens },
    'identity.sessions.end': { id: sessions.items.map((item: Value) => item.id) },
    'identity.organization_members.list': { id: organizations },
    'identity.organization_members.set': { id: organizations, person: workers },
    'identity.organization_members.remove': { id: [organizations[0]!], person: workers },
  }
}

/** What was said, noted and kept: messages, notes with their history and surfacing, articles, vectors. */
async function makeTold(
  { app, http: open, owner }: Stage,
  { conversations, messages }: { conversations: string[]; messages: string[] },
): Promise<Record<string, Known>> {
  const http = open()
  const maker = new ResourceMaker((operation, input) => http.call(operation, input), owner, app.query)
  const make = (id: string) =>
    times(5, async () => (await maker.make(resources.find((each) => each.id === id)!)).id as string)
  const idsOf = async (operation: string): Promise<string[]> =>
    (await http.call(operation, { limit: 10 })).items.map((item: Value) => item.id)
  for (const id of await make('memory.notes')) await http.call('memory.notes.surface', { id })
  const articles = await make('knowledge.articles')
  const moods = await idsOf('persona.moods.list')
  const surfaces = await idsOf('memory.surfaces.list')
  const vectors = { model: ['pairs'], hash: ['a'.repeat(64)], 'hashes[]': ['a'.repeat(64)] }
  await http.call('search.models.create', { name: 'pairs', provider: 'here', dimensions: 2 })
  const items = [{ hash: vectors.hash[0], vector: [1, 2] }]
  await http.call('search.embeddings.put', { model: 'pairs', items })
  const ofMessages = ['edit', 'delete', 'pin', 'flag', 'react', 'history']
  return {
    ...Object.fromEntries(ofMessages.map((verb) => [`conversation.messages.${verb}`, { id: messages }])),
    'conversation.messages': { id: conversations },
    'memory.notes.create': { category: ['intel'] },
    'memory.notes.upsert': { category: ['intel'] },
    'memory.notes.update': { category: ['intel'] },
    'memory.notes.react': { id: surfaces },
    'memory.surfaces.get': { id: surfaces },
    'memory.history.get': { id: await idsOf('memory.history.list') },
    'persona.moods.get': { id: moods },
    'persona.moods.update': { id: moods },
    'knowledge.verify': { id: articles },
    'knowledge.use': { id: articles },
    'search.embeddings.put': vectors,
    'search.embeddings.take': vectors,
    'linkedin.sync_status.create': { contactId: await make('crm.contacts') },
  }
}

/** One after another: what is made first is found first. */
async function times<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let n = 0; n < count; n += 1) made.push(await make(n))
  return made
}

/** Things of a resource that may be used up, and what new ones may refer to. */
async function makeThings({ app, owner, http }: Stage, resource: ResourceFacts): Promise<Known> {
  const maker = new ResourceMaker((operation, input) => http().call(operation, input), owner, app.query)
  const made: Value[] = []
  for (let n = 0; n < 5; n += 1) made.push(await maker.make(resource, 'all'))
  const references = resource.fields.filter(
    (column) => factsOfColumn(resource.table, column).references || resource.people.includes(column),
  )
  return {
    id: made.map(({ id }) => id),
    ...Object.fromEntries(
      references.map((column) => {
        const field = toFieldName(column)
        const name = factsOfColumn(resource.table, column).type.endsWith('[]') ? `${field}[]` : field
        return [name, made.flatMap((item) => item[field] ?? [])]
      }),
    ),
  }
}
