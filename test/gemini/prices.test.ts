import { describe, expect, it, test } from 'vitest'
import { embeddingPrice, generationPrice, parsePrices, pricesAsOf } from '../../src/gemini/prices.js'

const autumn = new Date('2026-11-22T12:00:00Z')

function refusalOf(text: string): unknown {
  try {
    parsePrices(text, 'GEMDEX_PRICES')
  } catch (thrown) {
    return thrown
  }
  return 'it was taken'
}

describe('the table', () => {
  it('carries its date', () => {
    expect(new Date(pricesAsOf).toISOString().slice(0, 10)).toBe(pricesAsOf)
  })

  test.each([
    ['gemini-embedding-001', 0.15],
    ['models/gemini-embedding-001', 0.15],
    ['gemini-embedding-2', 0.2],
    ['text-embedding-004', undefined],
    ['gemini-3.8-flash', undefined],
    ['constructor', undefined],
  ])('embedding with %s costs %s', (modelId, price) => {
    expect(embeddingPrice(modelId)).toBe(price)
  })

  test.each([
    ['gemini-3.8-flash', { input: 0.75, output: 3.75 }],
    ['gemini-3.5-flash', { input: 1.5, output: 9 }],
    ['gemini-3.5-flash-lite', { input: 0.3, output: 2.5 }],
    ['gemini-3.1-flash-lite', { input: 0.25, output: 1.5 }],
    ['models/gemini-3.1-pro-preview', { input: 2, output: 12 }],
    ['gemini-pro', undefined],
    ['toString', undefined],
  ])('answering with %s costs %o', (modelId, price) => {
    expect(generationPrice(modelId, autumn)).toEqual(price)
  })

  it('raises the flash models with the year 2027', () => {
    const lastDay = new Date('2026-12-31T23:59:59Z')
    const firstDay = new Date('2027-01-01T00:00:00Z')
    for (const model of ['gemini-3.6-flash', 'gemini-3.7-flash', 'gemini-3.8-flash']) {
      expect(generationPrice(model, lastDay)).toEqual({ input: 0.75, output: 3.75 })
      expect(generationPrice(model, firstDay)).toEqual({ input: 1.5, output: 7.5 })
    }
  })
})

describe('prices of a setting', () => {
  it('go before the table and add to it', () => {
    const prices = parsePrices(
      ' gemini-embedding-001 = 0.10, gemini-3.8-flash=1/2.5 ,models/my-model=.5,',
      'GEMDEX_PRICES',
    )
    expect(embeddingPrice('gemini-embedding-001', prices)).toBe(0.1)
    expect(embeddingPrice('gemini-embedding-2', prices)).toBe(0.2)
    expect(embeddingPrice('models/my-model', prices)).toBe(0.5)
    expect(generationPrice('gemini-3.8-flash', autumn, prices)).toEqual({ input: 1, output: 2.5 })
    expect(generationPrice('gemini-3.5-flash', autumn, prices)).toEqual({ input: 1.5, output: 9 })
    expect(generationPrice('my-model', autumn, prices)).toBeUndefined()
  })

  it('may be free', () => {
    expect(embeddingPrice('gemini-embedding-001', parsePrices('gemini-embedding-001=0', 'P'))).toBe(0)
  })

  it('may be empty', () => {
    expect(parsePrices('', 'P')).toEqual({ embedding: new Map(), generation: new Map() })
  })

  test.each([
    'gemini-embedding-001',
    'gemini-embedding-001=',
    '=0.15',
    'm=free',
    'm=-1',
    'm=0x10',
    'm=Infinity',
    'm=1e3',
    'm=1/',
    'm=1/2/3',
    'm=1=2',
  ])('are refused as %s', (text) => {
    expect(refusalOf(`gemini-embedding-2=0.2,${text}`)).toMatchObject({
      code: 'BAD_CONFIG',
      field: 'GEMDEX_PRICES',
      message: expect.stringMatching(/^GEMDEX_PRICES must be model=price.*"/),
      hint: expect.stringContaining('gemini-embedding-001=0.15'),
    })
    expect(String(refusalOf(text))).toContain(`"${text}"`)
  })

  it('are refused when a model has two of a kind', () => {
    expect(refusalOf('m=1,models/m=2')).toMatchObject({ code: 'BAD_CONFIG', field: 'GEMDEX_PRICES' })
    expect(refusalOf('m=1/2,m=2/3')).toMatchObject({ message: 'GEMDEX_PRICES gives m two prices' })
    expect(parsePrices('m=1,m=2/3', 'P').generation.get('m')).toEqual({ input: 2, output: 3 })
  })
})
