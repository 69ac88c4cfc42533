import type { Hit } from '../../src/types.js'

/** A hit of the passage that `text` is; `n` tells hits apart. */
export function makeHit(n: number, text: string, fields: Partial<Hit> = {}): Hit {
  return {
    id: `doc${n}-0`,
    documentId: `doc${n}`,
    score: 1 / n,
    relevance: 0.9,
    title: `Title ${n}`,
    uri: `file-${n}.md`,
    collection: 'docs',
    location: { kind: 'lines', start: n, end: n + 1 },
    snippet: text.slice(0, 50),
    highlights: [],
    text,
    metadata: {},
    ...fields,
  }
}
