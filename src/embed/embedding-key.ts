import { createHash } from 'node:crypto'
import type { EmbedRole } from '../types.js'
import type { EmbedderIdentity, EmbedInput } from './embedder.js'

/** Changes when the encoding below does, so that old keys are never taken for new ones. */
const ENCODING = 'gemdex-embedding-key/1'

/**
 * The name (64 hex digits) under which an embedding is kept: two texts share it exactly when the same embedder would be
 * sent the same thing. A title counts for documents only, and an empty one is none.
 *
 * SHA-256 over the fields, each preceded by its length in UTF-8 bytes, so that no two lists of fields run together.
 */
export function embeddingKey(identity: EmbedderIdentity, role: EmbedRole, input: EmbedInput): string {
  const title = role === 'document' ? (input.title ?? '') : ''
  const fields = [
    ENCODING,
    identity.modelId,
    String(identity.dimensions),
    identity.roles,
    role,
    title,
    input.text,
  ]
  const encoded = fields.map((field) => `${Buffer.byteLength(field)}:${field}`).join('')
  return createHash('sha256').update(encoded).digest('hex')
}
