import { seeded } from './measure.ts'

const WORDS =
  'meeting budget invoice contract garden piano travel dentist school recipe engine battery window report draft review launch pricing lawyer insurance flight hotel birthday present camera lens guitar concert museum painting kitchen repair plumber neighbour daughter brother sister marathon training protein sleep doctor allergy vaccine passport visa embassy currency dollar savings mortgage interest rent landlord sofa carpet balcony tomato basil olive cheese wine coffee espresso roastery bicycle helmet tyre chain forest mountain river canoe tent stove novel chapter poem essay grammar german spanish lesson teacher exam degree server database backup deploy incident latency customer churn renewal discount proposal signature negotiation deadline sprint backlog refactor release'.split(
    ' ',
  )
const NAMES = 'Ana Bruno Chiara Dmitri Elif Farid Greta Hugo Ines Jonas Katya Liam Mona Nils Oya Pavel'.split(
  ' ',
)

/** Seeded, believable lines: common words often, rare ones seldom, names and numbers among them. */
export function createHistory(seed: number): { line(): string; question(): string } {
  const random = seeded(seed)
  const pick = <T>(items: T[]): T => items[Math.floor(random() * items.length)]!
  // Squaring makes the first words common and the last ones rare, as in speech.
  const word = () => WORDS[Math.floor(random() ** 2 * WORDS.length)]!
  const words = (count: number) => Array.from({ length: count }, word).join(' ')
  return {
    line: () =>
      `${pick(NAMES)} said that the ${words(3)} for the ${words(2)} is ${pick(['ready', 'late', 'cancelled', 'agreed'])}, ` +
      `see item ${Math.floor(random() * 100_000)}; we should talk about ${words(4)} before the ${words(2)}.`,
    question: () => `What did ${pick(NAMES)} say about the ${words(2)} and the ${words(1)}?`,
  }
}
