import { fitWidth } from '../../../kernel/text-width.ts'
import { FILES_X, OBJECTS_X, type Graph, type GraphNode } from './graph.ts'
import { html, type Html } from './html-text.ts'
import { objectKey } from './object-groups.ts'

const LONGEST_LABEL = 50

/** The graph as SVG; `anchors` names by object key the place in the page that tells of an object. */
export function drawGraph(graph: Graph, anchors: ReadonlyMap<string, string>): Html {
  const { nodes, edges, width, height } = graph
  const names = new Map(nodes.map((node, index) => [node, `n${index}`]))
  const lines = edges.map(({ file, object, kind, worst }) => {
    const middle = (FILES_X + OBJECTS_X) / 2
    const way = `M${file.x + 6} ${file.y}C${middle} ${file.y} ${middle} ${object.y} ${object.x - 6} ${object.y}`
    return html`<path
      class="${kind} ${worst}"
      d="${way}"
      data-file="${names.get(file)!}"
      data-object="${names.get(object)!}"
    />`
  })
  const labels = nodes.map((node) => drawNode(node, names.get(node)!, anchors))
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    role="group"
    aria-label="Files on the left, objects on the right"
  >
    ${lines} ${labels}
  </svg>`
}

function drawNode(node: GraphNode, name: string, anchors: ReadonlyMap<string, string>): Html {
  const { x, y, label, object, worst } = node
  const dot = html`<circle class="${worst ?? ''}" cx="${x}" cy="${y}" r="4" />`
  if (object === null) {
    const text = html`<text x="${x - 12}" y="${y + 4}" text-anchor="end">${endOf(label)}</text>`
    return html`<g data-node="${name}" tabindex="0" role="img" aria-label="${label}"
      >${dot}${text}<title>${label}</title></g
    > `
  }
  const text = html`<text x="${x + 12}" y="${y + 4}">${fitWidth(label, LONGEST_LABEL).trimEnd()}</text>`
  const anchor = anchors.get(objectKey(object)) ?? ''
  return html`<a href="#${anchor}" data-node="${name}"
    >${dot}${text}<title>${`${worst ?? ''} ${label}`}</title></a
  > `
}

/** The end of a path says more than its beginning. */
function endOf(path: string): string {
  const signs = [...path]
  return signs.length <= LONGEST_LABEL ? path : `…${signs.slice(1 - LONGEST_LABEL).join('')}`
}
