import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { seeded } from './measure.ts'

const THINGS = [
  'order',
  'invoice',
  'ticket',
  'shipment',
  'person',
  'device',
  'lesson',
  'recipe',
  'flight',
  'contract',
]
const COLUMNS = [
  'label text',
  'amount numeric(12,2)',
  'starts_at timestamptz',
  'is_open boolean default true',
  'rank integer check (rank between 1 and 10)',
  "details jsonb default '{}'",
  'words text[]',
  'place varchar(200)',
  'ratio double precision',
  'done_on date',
]

/** An estate of so many files in folders of twenty numbered migrations each, the same for the same seed. */
export function makeEstate(folder: string, { files, seed }: { files: number; seed: number }): void {
  const random = seeded(seed)
  for (let at = 0; at < files; at++) {
    const unit = Math.floor(at / 20)
    const home = join(folder, `unit${unit}`, 'migrations')
    mkdirSync(home, { recursive: true })
    writeFileSync(
      join(home, `${String((at % 20) + 1).padStart(3, '0')}_step.sql`),
      migration(unit, at % 20, random),
    )
  }
}

/** Two tables that refer to the one before, with indexes, a view, a policy, a function and some rows. */
function migration(unit: number, step: number, random: () => number): string {
  const pick = <Item>(items: Item[]) => items[Math.floor(random() * items.length)]!
  const schema = `unit${unit}`
  const statements =
    step === 0
      ? [`create schema ${schema}`, `create table ${schema}.root (id uuid primary key, label text)`]
      : []
  for (const part of ['a', 'b']) {
    const name = `${pick(THINGS)}_${step}${part}`
    const parent = step === 0 && part === 'a' ? 'root' : `last_${part === 'a' ? step - 1 : step}`
    const own = COLUMNS.filter(() => random() < 0.6).join(',\n  ')
    statements.push(
      `create table ${schema}.${name} (\n  id uuid primary key,\n  parent_id uuid references ${schema}.root(id)${own === '' ? '' : `,\n  ${own}`}\n)`,
      `create index on ${schema}.${name} (parent_id)`,
      `comment on table ${schema}.${name} is 'Part ${step}${part} of unit ${unit}, after ${parent}'`,
      `alter table ${schema}.${name} enable row level security`,
      `create policy own on ${schema}.${name} using (id is not null)`,
      `insert into ${schema}.${name} (id) values (gen_random_uuid())`,
      `create view ${schema}.${name}_view as select id, parent_id from ${schema}.${name} where id is not null`,
    )
  }
  statements.push(
    `create function ${schema}.step_${step}(x integer) returns integer language plpgsql as $$ begin return x + ${step}; end $$`,
  )
  return `-- Step ${step} of unit ${unit}.\n${statements.join(';\n\n')};\n`
}
