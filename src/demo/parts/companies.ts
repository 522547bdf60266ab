import { Random } from '../random.ts'
import { GIVEN, me, ref, type Item, type Ref } from '../step.ts'
import {
  CITIES,
  COMPANY_NAMES,
  FIRST_NAMES,
  INDUSTRIES,
  LAST_NAMES,
  TITLES,
  type Industry,
} from '../words/business.ts'

export type Contact = { key: string; name: string; first: string; email: string; title: string; part: string }

export type Company = {
  key: string
  name: string
  domain: string
  industry: Industry
  city: string
  country: string
  zone: string
  sites: number
  employees: number
  isVip: boolean
  contacts: Contact[]
  /** Who looks after it, by key; null is whoever runs the demo. */
  colleague: string | null
}

/** Who sells: the first three colleagues and whoever runs the demo, who takes the larger part. */
const SELLERS = [null, 'mara', 'tomas', 'ayla', null] as const

/** The companies of the demo with the people in them. */
export function makeCompanies(seed: number, count: number): Company[] {
  const random = Random.of(seed, 'companies')
  const firsts = random.shuffle(COMPANY_NAMES).slice(0, count)
  const people = new PeopleNames(Random.of(seed, 'people'))
  return firsts.map((first, index) => {
    const industry = INDUSTRIES[index % INDUSTRIES.length]!
    const name = `${first} ${random.pick(industry.suffixes)}`
    const [city, country, zone] = random.pick(CITIES)
    const domain = `${first.toLowerCase().replaceAll(' ', '')}.example`
    const titles = random.shuffle(TITLES).slice(0, random.int(3, 4))
    const key = `company-${index + 1}`
    return {
      key,
      name,
      domain,
      industry,
      city,
      country,
      zone,
      sites: random.int(3, 14),
      employees: random.int(...industry.employees),
      isVip: index % 20 === 1 || random.chance(0.1),
      contacts: titles.map(([title, part], at) => {
        const [given, family] = people.next()
        const email = `${given}.${family}@${domain}`.toLowerCase()
        return {
          key: `${key}-contact-${at + 1}`,
          name: `${given} ${family}`,
          first: given,
          email,
          title,
          part,
        }
      }),
      colleague: SELLERS[index % SELLERS.length]!,
    }
  })
}

/** Names of people, each once. */
class PeopleNames {
  readonly #random: Random
  readonly #given = new Set<string>()

  constructor(random: Random) {
    this.#random = random
  }

  next(): [given: string, family: string] {
    for (;;) {
      const [given, family] = [this.#random.pick(FIRST_NAMES), this.#random.pick(LAST_NAMES)]
      if (this.#given.size < this.#given.add(`${given} ${family}`).size) return [given, family]
    }
  }
}

/** The person of that key, or whoever runs the demo. */
export function personOf(colleague: string | null): Ref {
  return colleague === null ? me : ref(GIVEN.person, colleague)
}

export const externalId = (key: string) => `demo:${key}`
export const companyRef = ({ key }: Company) => ref('crm.companies', externalId(key))
export const contactRef = ({ key }: Contact) => ref('crm.contacts', externalId(key))

export function companyItems(companies: Company[], statusOf: (company: Company) => string): Item[] {
  return companies.map((company) => ({
    externalId: externalId(company.key),
    name: company.name,
    domain: company.domain,
    industry: company.industry.name,
    website: `https://www.${company.domain}`,
    email: `info@${company.domain}`,
    description: `${company.sites} ${company.industry.sites} around ${company.city}; ${company.industry.pain}.`,
    employeeCount: company.employees,
    annualRevenueCents: company.employees * 14_500_000,
    currency: company.country === 'United States' ? 'USD' : 'EUR',
    headquarters: `${company.city}, ${company.country}`,
    status: statusOf(company),
    isVip: company.isVip,
    tags: [company.industry.name.toLowerCase(), company.country.toLowerCase()],
    ownerId: personOf(company.colleague),
  }))
}

export function contactItems(companies: Company[], statusOf: (company: Company) => string): Item[] {
  return companies.flatMap((company) =>
    company.contacts.map((contact, index) => ({
      externalId: externalId(contact.key),
      firstName: contact.first,
      lastName: contact.name.slice(contact.first.length + 1),
      companyId: companyRef(company),
      email: contact.email,
      jobTitle: contact.title,
      linkedinUrl: `https://www.linkedin.com/in/${contact.name.toLowerCase().replaceAll(' ', '-')}-example`,
      timeZone: company.zone,
      status: statusOf(company),
      isVip: company.isVip && index === 0,
      tags: [contact.part],
      ownerId: personOf(company.colleague),
    })),
  )
}
