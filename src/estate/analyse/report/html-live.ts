import type { LiveSummary } from '../finding.ts'
import { html, type Html } from './html-text.ts'
import { ledgerSentence, liveRows, liveSentence } from './live-words.ts'

/** What the live database has, and which file explains each table of it. */
export function liveSection(live: LiveSummary): Html {
  const lines = liveRows(live).map(
    ({ table, explainedBy, rows, size, isUnlike }) =>
      html`<tr class="${isUnlike ? 'differs' : ''}">
        <th scope="row">${table}</th>
        <td>${explainedBy}</td>
        <td>${rows}</td>
        <td>${size}</td>
      </tr> `,
  )
  const heads = ['table', 'explained by', 'rows', 'size']
  const ledgers = live.ledgers.map((ledger) => html`<li>${ledgerSentence(ledger)}</li>`)
  return html`<p>${liveSentence(live)}</p>
    ${
      ledgers.length === 0
        ? ''
        : html`<ul>
            ${ledgers}
          </ul>`
    }
    <div class="scroll" tabindex="0" role="group" aria-label="Live tables">
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
