/** What a vector is made from. */
export interface EmbeddingInput {
  readonly model: string
  readonly text: string
  readonly title?: string
  readonly dimensions: number
}

const PROBES_PER_WORD = 4
const FULL_DIMENSIONS = 3072
const WORDLESS_NORM = 0.001

/**
 * A deterministic vector in which texts that share words are near: every lower-cased word is hashed, with a sign,
 * into a few dimensions. Lengths are those of the real models: gemini-embedding-001 gives unit vectors only at 3072
 * dimensions and about 0.585 (here ±5 %, by text) below; every other model always does.
 */
export function embedText({ model, text, title, dimensions }: EmbeddingInput): number[] {
  const weights = wordWeights(
    `${title ?? ''} ${model === 'gemini-embedding-2' ? withoutRolePrefix(text) : text}`,
  )
  if (weights.size === 0) return Array<number>(dimensions).fill(round(WORDLESS_NORM / Math.sqrt(dimensions)))

  const vector = Array<number>(dimensions).fill(0)
  for (const [word, weight] of weights) {
    for (let probe = 0; probe < PROBES_PER_WORD; probe++) {
      const code = hash(word, probe)
      const index = code % dimensions
      vector[index] = (vector[index] ?? 0) + (code & 0x8000_0000 ? -weight : weight)
    }
  }
  const norm = Math.hypot(...vector)
  if (norm === 0) return embedText({ model, text: '', dimensions })
  const scale = lengthOf(model, dimensions, text) / norm
  return vector.map((value) => round(value * scale))
}

function lengthOf(model: string, dimensions: number, text: string): number {
  if (model !== 'gemini-embedding-001' || dimensions === FULL_DIMENSIONS) return 1
  return 0.585 * (0.95 + 0.1 * (hash(text, PROBES_PER_WORD) / 2 ** 32))
}

/** The text without the role prefixes of gemini-embedding-2; a real title keeps its words. */
function withoutRolePrefix(text: string): string {
  const [, title, body] = /^title: (.*?) \| text: ?(.*)$/su.exec(text) ?? []
  if (body !== undefined) return title === 'none' ? body : `${title} ${body}`
  return text.replace(/^task: [^|]*\| query: ?/u, '')
}

function wordWeights(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return new Map([...counts].map(([word, count]) => [word, 1 + Math.log(count)]))
}

/** FNV-1a with a final mix, as an unsigned 32-bit number. */
function hash(text: string, seed: number): number {
  let code = 0x811c9dc5 ^ Math.imul(seed + 1, 0x9e3779b1)
  for (let index = 0; index < text.length; index++)
    code = Math.imul(code ^ text.charCodeAt(index), 0x01000193)
  code = Math.imul(code ^ (code >>> 16), 0x85ebca6b)
  code = Math.imul(code ^ (code >>> 13), 0xc2b2ae35)
  return (code ^ (code >>> 16)) >>> 0
}

function round(value: number): number {
  return Math.round(value * 1e9) / 1e9
}
