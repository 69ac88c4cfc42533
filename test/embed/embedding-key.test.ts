import { describe, expect, it } from 'vitest'
import type { EmbedderIdentity } from '../../src/embed/embedder.js'
import { embeddingKey } from '../../src/embed/embedding-key.js'

const identity: EmbedderIdentity = {
  provider: 'gemini',
  modelId: 'm1',
  dimensions: 768,
  roles: 'task-type/1',
}

describe('embeddingKey', () => {
  it('is 64 hex digits and the same for the same thing', () => {
    const key = embeddingKey(identity, 'document', { text: 'text', title: 'title' })
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(embeddingKey({ ...identity }, 'document', { title: 'title', text: 'text' })).toBe(key)
  })

  it('stays what it is: keys are kept in files', () => {
    const input = { text: 'Grüße 😀', title: 'A title' }
    expect(embeddingKey(identity, 'document', input)).toBe(
      '562af066889c46796c0dec6f2dd07fac500697c1b1dc34517bc130cae6c29a3b',
    )
  })

  it('differs with everything that is sent', () => {
    const keys = [
      embeddingKey(identity, 'document', { text: 'text', title: 'title' }),
      embeddingKey(identity, 'document', { text: 'text' }),
      embeddingKey(identity, 'document', { text: 'texttitle' }),
      embeddingKey(identity, 'document', { text: '', title: 'titletext' }),
      embeddingKey(identity, 'document', { text: 'xtitle', title: 'te' }),
      embeddingKey(identity, 'query', { text: 'text' }),
      embeddingKey({ ...identity, modelId: 'm17', dimensions: 68 }, 'query', { text: 'text' }),
      embeddingKey({ ...identity, modelId: 'm2' }, 'query', { text: 'text' }),
      embeddingKey({ ...identity, dimensions: 769 }, 'query', { text: 'text' }),
      embeddingKey({ ...identity, roles: 'task-type/2' }, 'query', { text: 'text' }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('knows titles for documents only, and an empty one as none', () => {
    const untitled = embeddingKey(identity, 'query', { text: 'text' })
    expect(embeddingKey(identity, 'query', { text: 'text', title: 'title' })).toBe(untitled)
    const document = embeddingKey(identity, 'document', { text: 'text' })
    expect(embeddingKey(identity, 'document', { text: 'text', title: '' })).toBe(document)
  })
})
