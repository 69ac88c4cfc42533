import type { ErrorCode } from './errors.js'

/** The parts of answering that take time: a query's vector, the two searches, what is made of them, and the model's answer. */
export type Stage = 'embed' | 'vector' | 'keyword' | 'fuse' | 'generate'

export type TokenKind = 'embedded' | 'prompt' | 'answer' | 'thinking'

/** Told of what goes on inside an engine, for whoever measures. Never of texts. */
export interface Observer {
  tookMs(stage: Stage, ms: number): void
  /** Of the texts that were to be embedded for the index: how many vectors were known, and how many were not. */
  lookedUp(known: number, unknown: number): void
  /** Tokens sent to or come from a model, and their list price where it is known. */
  spent(model: string, kind: TokenKind, tokens: number, priceUsd?: number): void
  /** A call to a model failed. */
  failed(model: string, code: ErrorCode): void
}

export const silentObserver: Observer = {
  tookMs() {},
  lookedUp() {},
  spent() {},
  failed() {},
}

/** Does something and tells how long it took, whether it succeeds or not. */
export async function timed<T>(observer: Observer, stage: Stage, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await work()
  } finally {
    observer.tookMs(stage, performance.now() - started)
  }
}
