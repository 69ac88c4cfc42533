import { tokensOf } from '../embed/batch.js'
import { throwIfAborted } from '../errors.js'
import { createFolderReader } from './folder-reader.js'
import { type Forecast, type ForecastConditions, forecastRun } from './forecast.js'
import type { IndexerDependencies, IndexRequest } from './index-request.js'
import { placeholderReader } from './picture-reader.js'
import { resolveTarget } from './resolve-target.js'

/** What indexing would take, without sending or storing anything. Throws what surveying and reading files throw. */
export async function forecastIndex(
  request: IndexRequest,
  dependencies: IndexerDependencies,
): Promise<Forecast> {
  const { store } = dependencies
  const folders = createFolderReader(dependencies)
  const target = await resolveTarget(request.path, request.collection, await store.collections())
  const survey = await folders.survey(request, target)
  const counts = { files: 0, chunks: 0, tokens: 0, textsToSend: 0, tokensToSend: 0, pictures: 0 }
  const pictures = folders.picturesOf(request)
  const placeholder =
    pictures === undefined ? undefined : placeholderReader(pictures, () => counts.pictures++)
  const seen = new Set<string>()
  for await (const outcome of folders.read(request, survey, placeholder)) {
    throwIfAborted(request.signal)
    if (outcome.kind !== 'documents') continue
    const chunks = outcome.waiting.flatMap((each) => each.chunks)
    const inputs = outcome.waiting.flatMap((each) => each.inputs)
    const known = await store.knownEmbeddings(chunks.flatMap(({ embeddingKey }) => embeddingKey ?? []))
    counts.files++
    counts.chunks += chunks.length
    for (const [i, { embeddingKey, text }] of chunks.entries()) {
      const sent = tokensOf(inputs[i] ?? { text })
      counts.tokens += sent
      if (embeddingKey === null || known.has(embeddingKey) || seen.has(embeddingKey)) continue
      seen.add(embeddingKey)
      counts.textsToSend++
      counts.tokensToSend += sent
    }
  }
  return forecastRun(counts, {
    ...conditionsOf(dependencies),
    ...(pictures === undefined ? {} : { picture: pictures.forecast() }),
  })
}

/** Price, speed and quota in force. */
export function conditionsOf({
  guard,
  usdPerMillionTokens,
  concurrency,
  embedder,
}: Pick<
  IndexerDependencies,
  'guard' | 'usdPerMillionTokens' | 'concurrency' | 'embedder'
>): ForecastConditions {
  const price = usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }
  const speed = { textsPerRequest: embedder.maxBatch, concurrency, requestMs: guard === undefined ? 0 : 1500 }
  if (guard === undefined) return { ...price, speed }
  const limits = guard.pacer.limits()
  const { requests: usedToday } = guard.pacer.usage()
  const finite = (limit: number) => (Number.isFinite(limit) ? limit : undefined)
  const quota = {
    textsPerMinute: finite(limits.perMinute),
    tokensPerMinute: finite(limits.tokensPerMinute),
    textsPerDay: finite(limits.perDay),
    usedToday,
  }
  return {
    ...price,
    speed,
    quota: Object.fromEntries(Object.entries(quota).filter(([, value]) => value !== undefined)),
  }
}
