import type { Analysis, Finding, Location, ObjectRef } from '../finding.ts'
import { html, type Html } from './html-text.ts'
import type { Comparison } from './matrix.ts'
import { counted, objectKey, objectText, type ObjectGroup } from './object-groups.ts'

/** Where in the page the finding block and the side-by-side table of an object stand, by object key. */
export type Anchors = { blocks: ReadonlyMap<string, string>; tables: ReadonlyMap<string, string> }

/** A browser stays quick with so many under one finding; the JSON has all of them. */
const MOST_CONSEQUENCES = 1000
const SHOWN_STEPS = 10
/** More columns than these are no overview any more; the tables below group sources by shape. */
const MOST_OVERVIEW_SOURCES = 24

export function summarySection({ summary, sources }: Analysis): Html {
  const { findings, files, statements, tables, first, incomplete, baseline } = summary
  const found = (['critical', 'warning', 'info'] as const).map(
    (severity) => html`<li class="${severity}"><strong>${findings[severity]}</strong> ${severity}</li>`,
  )
  const looked = [
    counted(files, 'file'),
    counted(statements, 'statement'),
    counted(tables, 'table'),
    counted(sources.length, 'source'),
  ]
  return html`<ul class="counts">
      ${found}${looked.map((text) => html`<li>${text}</li>`)}
    </ul>
    ${baseline === undefined ? '' : html`<p>The baseline hides ${counted(baseline.hidden, 'accepted finding')}.</p>`}
    ${listSection('What to do first', 'ol', first)}
    ${listSection('What could not be looked at', 'ul', incomplete)}
    ${listSection('Accepted in the baseline, and no longer found', 'ul', baseline?.stale ?? [])}`
}

function listSection(title: string, tag: 'ol' | 'ul', items: readonly string[]): Html | string {
  if (items.length === 0) return ''
  const lines = items.map((item) => html`<li>${item}</li>`)
  const list =
    tag === 'ol'
      ? html`<ol>
          ${lines}
        </ol>`
      : html`<ul>
          ${lines}
        </ul>`
  return html`<section>
    <h2>${title}</h2>
    ${list}
  </section>`
}

/** Search and filters; they show themselves when the script runs. */
export function filterForm(findings: readonly Finding[], rules: readonly string[]): Html {
  const boxes = (['critical', 'warning', 'info'] as const).map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return html`<label
      ><input type="checkbox" name="severity" value="${severity}" checked /> ${severity} (${count})</label
    >`
  })
  return html`<form hidden>
    <label
      >Search <input type="search" id="search" placeholder="name, file or word" aria-keyshortcuts="/"
    /></label>
    <fieldset>
      <legend>Severity</legend>
      ${boxes}
    </fieldset>
    <label
      >Rule
      <select id="rule">
        <option value="">all</option>
        ${rules.map((rule) => html`<option>${rule}</option>`)}
      </select></label
    >
    <button type="reset">Show all</button>
    <output id="told" aria-live="polite"></output>
  </form>`
}

export function objectBlock({ object, findings }: ObjectGroup, anchors: Anchors): Html {
  const key = objectKey(object)
  const table = anchors.tables.get(key)
  return html`<article id="${anchors.blocks.get(key)!}">
    <h3>${objectText(object)}</h3>
    ${table === undefined ? '' : html` <a href="#${table}">Definitions side by side</a>`}
    <ul class="findings">
      ${findings.map(findingItem)}
    </ul>
  </article> `
}

function findingItem({ rule, severity, confidence, message, ...finding }: Finding): Html {
  const { locations, details, consequences, fix } = finding
  return html`<li data-rule="${rule}" data-severity="${severity}">
    <p>
      <span class="severity ${severity}">${severity}</span>
      <code>${rule}</code>${confidence === 'guessed' ? html` (guessed)` : ''}: ${message}
    </p>
    ${locations.length === 0 ? '' : html`<p class="place">${locations.map(placeText).join(', ')}</p>`}
    ${
      details.length === 0
        ? ''
        : html`<ul>
            ${details.map((detail) => html`<li>${detail}</li>`)}
          </ul>`
    }
    ${fix === '' ? '' : html`<p>Fix: ${fix}</p>`}
    ${consequences.length === 0 ? '' : foldedConsequences(consequences)}
  </li> `
}

function foldedConsequences(consequences: Finding['consequences']): Html {
  const items = consequences
    .slice(0, MOST_CONSEQUENCES)
    .map((own) => html`<li><span class="place">${placeText(own)}</span> ${own.message}</li>`)
  const more = consequences.length - items.length
  return html`<details>
    <summary>${counted(consequences.length, 'consequence')}</summary>
    <ol>
      ${items}
    </ol>
    ${more === 0 ? '' : html`<p>and ${more} more</p>`}
  </details>`
}

/** The first steps; the others are folded, for in a large estate there are hundreds. */
export function planSection(plan: Analysis['plan'], anchors: Anchors): Html {
  const items = plan.map((step) => stepItem(step, anchors))
  const rest = items.slice(SHOWN_STEPS)
  if (rest.length === 0)
    return html`<ol>
      ${items}
    </ol>`
  return html`<ol>
      ${items.slice(0, SHOWN_STEPS)}
    </ol>
    <details>
      <summary>${counted(rest.length, 'more step')}</summary>
      <ol start="${SHOWN_STEPS + 1}">
        ${rest}
      </ol>
    </details>`
}

function stepItem({ title, why, objects }: Analysis['plan'][number], { blocks }: Anchors): Html {
  const anchorOf = (object: ObjectRef) => blocks.get(objectKey(object))!
  if (objects.length === 1) return html`<li><a href="#${anchorOf(objects[0]!)}">${title}</a>. ${why}</li>`
  const links = objects.map(
    (object) => html`<li><a href="#${anchorOf(object)}">${objectText(object)}</a></li>`,
  )
  return html`<li>
    ${title}. ${why}
    <details>
      <summary>${counted(objects.length, 'object')}</summary>
      <ul>
        ${links}
      </ul>
    </details>
  </li>`
}

/** Which source has which shape of each table. */
export function overviewTable(
  rows: readonly Comparison[],
  sources: readonly string[],
  anchors: Anchors,
): Html | string {
  if (sources.length > MOST_OVERVIEW_SOURCES) return ''
  const lines = rows.map(({ object, sources: having, features }) => {
    const name = html`<a href="#${anchors.tables.get(objectKey(object))!}">${objectText(object)}</a>`
    const cells = sources.map(
      (source) => html`<td>${having.find((own) => own.name === source)?.shape ?? ''}</td>`,
    )
    const differs = features.some(({ isEqual }) => !isEqual) ? 'differs' : ''
    return html`<tr class="${differs}">
      <th scope="row">${name}</th>
      ${cells}
    </tr> `
  })
  return html`<p>
      Equal letters in a row are equal columns and types. An empty cell: the source does not have the table.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Tables by source">
      <table>
        <thead>
          <tr>
            <th scope="col">table</th>
            ${sources.map((source) => html`<th scope="col">${source}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>`
}

/** A table side by side: a column for each shape, under the names of the sources that have it. */
export function sideBySide({ object, sources, features }: Comparison, anchors: Anchors): Html {
  const shapes = [...Map.groupBy(sources, ({ shape }) => shape)]
  const first = shapes.map(([, own]) => sources.indexOf(own[0]!))
  const heads = shapes.map(
    ([shape, own]) => html`<th scope="col">${shape}<br />${own.map(({ name }) => html`${name}<br />`)}</th>`,
  )
  const lines = features.map(({ name, types, isEqual }) => {
    const cells = first.map((index) => html`<td><code>${types[index] ?? '–'}</code></td>`)
    return html`<tr class="${isEqual ? '' : 'differs'}">
      <th scope="row">${isEqual ? '' : html`<span title="differs">≠</span> `}<code>${name}</code></th>
      ${cells}
    </tr> `
  })
  const differing = features.filter(({ isEqual }) => !isEqual).length
  const said =
    differing === 0 ? 'the same everywhere' : counted(differing, 'column differs', 'columns differ')
  return html`<details class="table" id="${anchors.tables.get(objectKey(object))!}">
    <summary>${objectText(object)}: ${said}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="${objectText(object)} side by side">
      <table>
        <thead>
          <tr>
            <th scope="col">column</th>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>
  </details> `
}

export function sourcesTable(sources: Analysis['sources']): Html {
  const lines = sources.map(
    ({ name, kind, files, statements, failed, tables }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${kind}</td>
        <td>${files.length}</td>
        <td>${statements}</td>
        <td>${failed ?? 'not run'}</td>
        <td>${tables}</td>
      </tr> `,
  )
  const heads = ['source', 'kind', 'files', 'statements', 'failed', 'tables']
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Sources">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`
}

function placeText({ file, line }: Location): string {
  return `${file}:${line}`
}
