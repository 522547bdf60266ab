import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { byCodePoint } from '../code-point-order.ts'
import type { Analysis } from '../finding.ts'
import { drawGraph } from './graph-svg.ts'
import { graphOf } from './graph.ts'
import {
  filterForm,
  objectBlock,
  overviewTable,
  planSection,
  sideBySide,
  sourcesTable,
  summarySection,
  type Anchors,
} from './html-sections.ts'
import { html, rawHtml, type Html } from './html-text.ts'
import { liveSection } from './html-live.ts'
import { compareRow } from './matrix.ts'
import { counted, groupByObject, objectKey } from './object-groups.ts'

/**
 * The report as one page that needs nothing else: no network, no other file. Its policy allows only its own style and
 * script, by their hashes. Without the script all of it can still be read.
 */
export function writeHtml(analysis: Analysis): string {
  const style = readPart('report.css')
  const script = readPart('report.js')
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${rawHtml(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>What the SQL files really say</title>
        ${rawHtml(`<style>${style}</style>`)}
      </head>
      <body>
        ${bodyOf(analysis)} ${rawHtml(`<script>${script}</script>`)}
      </body>
    </html> `
  return `${page.markup.trimEnd()}\n`
}

function bodyOf(analysis: Analysis): Html {
  const { findings, matrix, plan, sources, live } = analysis
  const groups = groupByObject(findings)
  const rows = matrix.rows.map((row) => compareRow(row, matrix.sources))
  const anchors: Anchors = {
    blocks: new Map(groups.map(({ object }, index) => [objectKey(object), `object-${index + 1}`])),
    tables: new Map(rows.map(({ object }, index) => [objectKey(object), `table-${index + 1}`])),
  }
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted(byCodePoint)
  const parts: [id: string, title: string, content: Html | null][] = [
    ['plan', 'Plan', plan.length === 0 ? null : planSection(plan, anchors)],
    ['conflicts', 'What conflicts with what', graphPart(analysis, anchors)],
    [
      'findings',
      'Findings',
      groups.length === 0
        ? null
        : html`${filterForm(findings, rules)}${groups.map((group) => objectBlock(group, anchors))}`,
    ],
    [
      'definitions',
      'Tables that several sources define',
      rows.length === 0
        ? null
        : html`${overviewTable(rows, matrix.sources, anchors)}${rows.map((row) => sideBySide(row, anchors))}`,
    ],
    ['live', 'The live database', live === null ? null : liveSection(live)],
    ['sources', 'Sources', sources.length === 0 ? null : sourcesTable(sources)],
  ]
  const there = parts.filter(([, , content]) => content !== null)
  return html`<header>
      <h1>What the SQL files really say</h1>
      <nav aria-label="Parts of this page">
        <ul>
          ${there.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>
      </nav>
    </header>
    <main>
      ${findings.length === 0 ? html`<p>Nothing was found.</p>` : ''} ${summarySection(analysis)}
      ${there.map(
        ([id, title, content]) =>
          html`<section id="${id}">
            <h2>${title}</h2>
            ${content!}
          </section>`,
      )}
    </main>`
}

function graphPart({ findings }: Analysis, { blocks }: Anchors): Html | null {
  const graph = graphOf(findings)
  if (graph.nodes.length === 0) return null
  const more =
    graph.leftOut === 0 ? '' : ` The worst are drawn; ${counted(graph.leftOut, 'more object')} are left out.`
  return html`<p>
      Files on the left, objects on the right. A line: the file says something of the object; a broken line:
      something in the file fails because of it.${more}
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Graph of conflicts">
      ${drawGraph(graph, blocks)}
    </div>`
}

/** Style and script are files of their own, so that they are checked and formatted as what they are. */
function readPart(name: 'report.css' | 'report.js'): string {
  return readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
