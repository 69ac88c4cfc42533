import { GemdexError } from '../errors.js'

/** USD for a million tokens of prompt and of answer (thinking included). */
export type GenerationPrice = { readonly input: number; readonly output: number }

/** Prices that an operator set, by model id. They go before the table. */
export type PriceOverrides = {
  readonly embedding: ReadonlyMap<string, number>
  readonly generation: ReadonlyMap<string, GenerationPrice>
}

/** A price and the last day (UTC, `2026-12-31`) it holds; without one it holds until the table is renewed. */
type DatedPrice = GenerationPrice & { readonly until?: string }

/**
 * The table below is the state of this day. It comes from Google's page "Gemini Developer API pricing" by way of the
 * public price list (November 2026): the standard paid tier, text in and out, USD per million tokens. Batch and
 * flex calls cost half, which gemdex does not use; the free tier costs nothing.
 */
export const pricesAsOf = '2026-11-22'

const EMBEDDING: Readonly<Record<string, number>> = {
  'gemini-embedding-2': 0.2,
  'gemini-embedding-001': 0.15,
}

const FLASH_3: readonly DatedPrice[] = [
  { input: 0.75, output: 3.75, until: '2026-12-31' },
  { input: 1.5, output: 7.5 },
]

const GENERATION: Readonly<Record<string, readonly DatedPrice[]>> = {
  'gemini-3.8-flash': FLASH_3,
  'gemini-3.7-flash': FLASH_3,
  'gemini-3.6-flash': FLASH_3,
  'gemini-3.5-flash': [{ input: 1.5, output: 9 }],
  'gemini-3.5-flash-lite': [{ input: 0.3, output: 2.5 }],
  'gemini-3.1-flash-lite': [{ input: 0.25, output: 1.5 }],
  'gemini-3.1-pro-preview': [{ input: 2, output: 12 }],
}

/** USD for a million tokens of text embedded; undefined for a model that the table does not know. */
export function embeddingPrice(modelId: string, overrides?: PriceOverrides): number | undefined {
  const id = shortId(modelId)
  return overrides?.embedding.get(id) ?? ownValue(EMBEDDING, id)
}

/** USD for a million tokens on that day (UTC); undefined for a model that the table does not know. */
export function generationPrice(
  modelId: string,
  date: Date,
  overrides?: PriceOverrides,
): GenerationPrice | undefined {
  const id = shortId(modelId)
  const day = date.toISOString().slice(0, 10)
  const price =
    overrides?.generation.get(id) ??
    ownValue(GENERATION, id)?.find(({ until }) => until === undefined || day <= until)
  return price === undefined ? undefined : { input: price.input, output: price.output }
}

/**
 * Reads prices as a setting has them: `gemini-embedding-001=0.15,gemini-3.8-flash=0.75/3.75`. One number is the price
 * of embedding, two are those of prompt and answer, all in USD per million tokens.
 *
 * @param name Of the setting, for the error.
 *
 * Throws BAD_CONFIG, with `name` as its field, for a part that is neither, and for a model given twice.
 */
export function parsePrices(text: string, name: string): PriceOverrides {
  const embedding = new Map<string, number>()
  const generation = new Map<string, GenerationPrice>()
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue
    const [model = '', prices, ...rest] = part.split('=').map((piece) => piece.trim())
    const id = shortId(model)
    if (id === '' || prices === undefined || rest.length > 0) throw badPrice(name, part)
    const [input, output, ...more] = prices.split('/').map((piece) => readUsd(piece, name, part))
    if (input === undefined || more.length > 0) throw badPrice(name, part)
    if (output === undefined ? embedding.has(id) : generation.has(id))
      throw new GemdexError('BAD_CONFIG', `${name} gives ${id} two prices`, { field: name })
    if (output === undefined) embedding.set(id, input)
    else generation.set(id, { input, output })
  }
  return { embedding, generation }
}

function readUsd(text: string, name: string, part: string): number {
  // Digits only: `Number` would also take "", "0x1" and "Infinity".
  if (!/^(\d+(\.\d+)?|\.\d+)$/.test(text.trim())) throw badPrice(name, part)
  return Number(text)
}

function badPrice(name: string, part: string): GemdexError {
  return new GemdexError(
    'BAD_CONFIG',
    `${name} must be model=price or model=input/output in USD per million tokens, not "${part}"`,
    { field: name, hint: 'For example gemini-embedding-001=0.15,gemini-3.8-flash=0.75/3.75' },
  )
}

function shortId(modelId: string): string {
  return modelId.trim().replace(/^models\//, '')
}

/** A model's name is data: `constructor` is no entry of a table. */
function ownValue<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
