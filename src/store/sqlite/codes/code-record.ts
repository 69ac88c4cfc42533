import { RECORD_HEADER_BYTES } from './code-layout.js'
import type { CodedVector } from './vector-coder.js'

/** A passage's code as the index keeps it: three ids (f64), scale and offset (f32), the bits; little-endian. */
export type CodeRecord = {
  readonly chunkId: number
  readonly documentId: number
  readonly vectorId: number
  readonly coded: CodedVector
}

export function packRecord({ chunkId, documentId, vectorId, coded }: CodeRecord): Buffer {
  const record = Buffer.alloc(RECORD_HEADER_BYTES + coded.code.length)
  record.writeDoubleLE(chunkId, 0)
  record.writeDoubleLE(documentId, 8)
  record.writeDoubleLE(vectorId, 16)
  record.writeFloatLE(coded.scale, 24)
  record.writeFloatLE(coded.offset, 28)
  record.set(coded.code, RECORD_HEADER_BYTES)
  return record
}
