import { isAbsolute, relative, sep } from 'node:path'
import type { LeftOut, Reach } from '../engine.js'
import { GemdexError } from '../errors.js'
import { isWithin } from '../files/is-within.js'
import { type Store, summaryOf } from '../store/store.js'
import type { DocumentSummary } from '../types.js'

/** What the last runs left out of the index, by collection and path. */
export async function listLeftOut(store: Store): Promise<LeftOut[]> {
  const all: LeftOut[] = []
  for (const { name: collection } of await store.collections()) {
    for (const state of (await store.fileStates(collection)).values()) {
      const { uri, reason, message = '', notices = [] } = state
      if (reason !== undefined) all.push({ collection, uri, code: reason, message })
      all.push(...notices.map((notice) => ({ collection, uri, ...notice })))
    }
  }
  return all.sort((a, b) => compare(a.collection, b.collection) || compare(a.uri, b.uri))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A document, or a passage by the id of a hit on it. */
export async function findPassage(
  store: Store,
  reference: string,
  reach: Reach,
): Promise<{ document: DocumentSummary; ordinal: number | undefined }> {
  const match = /^([0-9a-f]{16})-(\d{1,9})$/.exec(reference)
  if (match === null) return { document: await findDocument(store, reference, reach), ordinal: undefined }
  return { document: await findDocument(store, match[1] ?? '', reach), ordinal: Number(match[2]) }
}

export function isWithinReach({ collection }: DocumentSummary, { collections }: Reach = {}): boolean {
  return collections === undefined || collections.includes(collection)
}

/** By id, URI, path of the file, or as lists show it; NOT_FOUND else, BAD_INPUT when several have that URI. */
export async function findDocument(store: Store, reference: string, reach?: Reach): Promise<DocumentSummary> {
  const within = (documents: readonly DocumentSummary[]) =>
    documents.filter((document) => isWithinReach(document, reach))
  const byId = await store.getDocument(reference)
  if (byId !== undefined && isWithinReach(byId, reach)) return summaryOf(byId)
  const candidates = within(await store.findDocuments(reference))
  if (isAbsolute(reference)) candidates.push(...within(await findByPath(store, reference)))
  if (candidates.length === 0) candidates.push(...within(await findAsListed(store, reference)))
  const [first, second] = candidates
  if (first === undefined) throw notFound(reference)
  if (second === undefined) return first
  const choices = candidates.map((document) => `${document.id} (${document.collection})`).join(', ')
  throw new GemdexError('BAD_INPUT', `${candidates.length} documents have the path ${reference}`, {
    hint: `Name one by its id: ${choices}.`,
  })
}

/** As lists show it: `collection/path`. */
async function findAsListed(store: Store, reference: string): Promise<DocumentSummary[]> {
  const slash = reference.indexOf('/')
  const found = await store.findDocuments(reference.slice(slash + 1))
  return found.filter(({ collection }) => collection === reference.slice(0, slash))
}

async function findByPath(store: Store, path: string): Promise<DocumentSummary[]> {
  const found: DocumentSummary[] = []
  for (const { name, root } of await store.collections()) {
    if (root === null || !isWithin(root, path)) continue
    const uri = relative(root, path).split(sep).join('/').normalize('NFC')
    found.push(...(await store.findDocuments(uri)).filter((document) => document.collection === name))
  }
  return found
}

export function notFound(reference: string): GemdexError {
  return new GemdexError('NOT_FOUND', `There is no document "${reference}" in the index`, {
    hint: '`gemdex list` shows what there is.',
  })
}
