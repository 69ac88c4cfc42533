import { crc32 } from 'node:zlib'
import { throwIfAborted } from '../../errors.js'
import type { Store } from '../../store/store.js'
import type { DocumentSummary } from '../../types.js'
import type { CorpusRun } from '../corpus-passage.js'
import type { PointMatrix } from './projector.js'

/** Points that can be looked at, and numbers that are held at once (120 MB). */
const MAX_POINTS = 20_000
const MAX_VALUES = 30_000_000
const PAGE = 500

export type MapPoints = {
  readonly documents: readonly DocumentSummary[]
  /** Of each document, what its vector can be told by. */
  readonly hashes: readonly number[]
  readonly points: PointMatrix
  /** Documents in reach. */
  readonly total: number
}

/** Documents that have vectors, in the order of their ids, which is as good as a random one. Throws CANCELLED. */
export async function readMapPoints(
  store: Store,
  collections: readonly string[] | undefined,
  { signal, onProgress }: CorpusRun,
): Promise<MapPoints> {
  const documents: DocumentSummary[] = []
  const hashes: number[] = []
  let values: Float32Array = new Float32Array(0)
  let dimensions = 0
  for (let after: string | undefined; ; ) {
    throwIfAborted(signal)
    const page = await store.listDocuments({
      limit: PAGE,
      ...(collections === undefined ? {} : { collections }),
      ...(after === undefined ? {} : { after }),
    })
    const found = await store.documentVectors(page.items.map(({ id }) => id))
    for (const document of page.items) {
      const vector = found.get(document.id)
      if (vector === undefined) continue
      if (dimensions === 0) {
        dimensions = vector.length
        values = shared(Math.min(page.total, MAX_POINTS, Math.ceil(MAX_VALUES / dimensions)) * dimensions)
      }
      if ((documents.length + 1) * dimensions > values.length) break
      values.set(vector, documents.length * dimensions)
      documents.push(document)
      hashes.push(crc32(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)))
    }
    onProgress?.({ stage: 'reading', done: documents.length, total: page.total })
    after = page.next
    const rows = documents.length
    if (after === undefined || (dimensions > 0 && (rows + 1) * dimensions > values.length))
      return {
        documents,
        hashes,
        points: { rows, dimensions, values: values.subarray(0, rows * dimensions) },
        total: page.total,
      }
  }
}

function shared(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT))
}
