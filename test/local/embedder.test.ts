import { describe, expect, it } from 'vitest'
import { createHashedEmbedder } from '../../src/local/hashed-embedder.js'
import { cosine, describeEmbedder } from '../contract/embedder.js'

describeEmbedder('local hashed', createHashedEmbedder)

const embed = async (...texts: string[]) =>
  createHashedEmbedder().embed(
    texts.map((text) => ({ text })),
    { role: 'document' },
  )

describe('the hashed embedder', () => {
  it('says that it knows no meaning', () => {
    expect(createHashedEmbedder()).toMatchObject({
      semantic: false,
      identity: { provider: 'local', modelId: 'local-lexical-v1', dimensions: 1024 },
    })
  })

  it('gives the same vectors on every machine and in every version of this model', async () => {
    const [vector] = await embed('heat pump')
    const filled = [...(vector ?? [])].flatMap((value, i) =>
      value === 0 ? [] : [`${i}:${value.toFixed(3)}`],
    )
    expect(filled).toMatchInlineSnapshot(`
      [
        "39:0.535",
        "326:-0.267",
        "366:0.267",
        "402:0.267",
        "455:-0.267",
        "905:-0.267",
        "943:-0.535",
        "999:0.267",
      ]
    `)
  })

  it('brings inflected and misspelt words near, and leaves other words far', async () => {
    const [word, inflected, misspelt, other] = await embed(
      'installation',
      'installations',
      'instalation',
      'bread',
    )
    expect(cosine(word, inflected)).toBeGreaterThan(0.9)
    expect(cosine(word, misspelt)).toBeGreaterThan(0.3)
    expect(Math.abs(cosine(word, other))).toBeLessThan(0.1)
  })

  it('weighs a title above the text', async () => {
    const embedder = createHashedEmbedder()
    const [apples, pears, titled] = await embedder.embed(
      [{ text: 'apples' }, { text: 'pears' }, { text: 'apples', title: 'pears' }],
      { role: 'document' },
    )
    expect(cosine(titled, pears)).toBeGreaterThan(cosine(titled, apples))
  })

  it('gives a vector of length one to a text without words', async () => {
    for (const vector of await embed('', '  \n', '!?', '😀')) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  })
})
