import { overlapOf, shinglesOf } from '../../text/shingles.js'
import type { ComparedTexts } from './compared-texts.js'
import { runsOfEquals } from './runs-of-equals.js'

/** Of so many shingles in a row the least is kept: a run of ten words that two texts share is never missed. */
const WINDOW = 8
/** What stands in more documents is a set phrase of theirs; equal paragraphs are found without this. */
const MAX_DOCUMENTS = 32
/** Share of a part's fingerprints that make it worth a comparison. */
const CANDIDATE_SHARE = 0.5
/** Share of a text's shingles that another holds, from which on it is contained in it. */
export const CONTAINMENT = 0.8

/** A part that stands in another document. */
export type ContainedPart = { readonly part: number; readonly document: number; readonly containment: number }

/**
 * Parts of at least `leastWords` words whose shingles another document holds, by fingerprints that both have (winnowing:
 * Schleimer, Wilkerson & Aiken, SIGMOD 2003), each held against the shingles themselves.
 */
export function findContained(texts: ComparedTexts, leastWords: number): ContainedPart[] {
  const { parts, documents } = texts
  const { keys, owners, counts } = fingerprint(texts)
  const shared = new Map<number, number>()
  for (const run of runsOfEquals(keys, (at) => owners[at] ?? 0, parts.length)) {
    const holders = new Set(run.map((part) => parts[part]?.document ?? 0))
    if (holders.size < 2 || holders.size > MAX_DOCUMENTS) continue
    for (const part of run) {
      for (const holder of holders) {
        if (holder === parts[part]?.document) continue
        const pair = part * documents.length + holder
        shared.set(pair, (shared.get(pair) ?? 0) + 1)
      }
    }
  }
  const found: ContainedPart[] = []
  for (const [pair, count] of shared) {
    const [part, document] = [Math.floor(pair / documents.length), pair % documents.length]
    const { firstWord = 0, endWord = 0 } = parts[part] ?? {}
    if (endWord - firstWord < leastWords || count < CANDIDATE_SHARE * (counts[part] ?? 0)) continue
    const shingles = texts.shinglesOfPart(part)
    const containment = overlapOf(shingles, texts.shinglesOfDocument(document)) / shingles.length
    if (containment >= CONTAINMENT) found.push({ part, document, containment })
  }
  return found.sort((a, b) => a.part - b.part || a.document - b.document)
}

type Fingerprints = {
  readonly keys: Uint32Array
  /** The part that each begins in. */
  readonly owners: Uint32Array
  /** How many each part has. */
  readonly counts: Uint32Array
}

function fingerprint({ parts, documents }: ComparedTexts): Fingerprints {
  const keys: number[] = []
  const owners: number[] = []
  const counts = new Uint32Array(parts.length)
  let part = 0
  for (const [document, { words }] of documents.entries()) {
    while ((parts[part]?.document ?? documents.length) < document) part++
    const shingles = shinglesOf(words)
    let own = part
    for (const at of winnow(shingles)) {
      while ((parts[own]?.endWord ?? Number.POSITIVE_INFINITY) <= at && parts[own + 1]?.document === document)
        own++
      keys.push(shingles[at] ?? 0)
      owners.push(own)
      counts[own] = (counts[own] ?? 0) + 1
    }
  }
  return { keys: Uint32Array.from(keys), owners: Uint32Array.from(owners), counts }
}

/** Positions of the least of each window, the last of equal ones, each position once. */
function* winnow(shingles: Uint32Array): Generator<number> {
  let least = -1
  const last = Math.max(0, shingles.length - WINDOW)
  for (let start = 0; shingles.length > 0 && start <= last; start++) {
    const end = Math.min(shingles.length, start + WINDOW)
    const isOut = least < start
    const from = isOut ? start : end - 1
    let candidate = isOut ? start : least
    for (let at = from; at < end; at++) if ((shingles[at] ?? 0) <= (shingles[candidate] ?? 0)) candidate = at
    if (candidate !== least) yield candidate
    least = candidate
  }
}
