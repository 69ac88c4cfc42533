import pLimit from 'p-limit'
import { GemdexError, toGemdexError } from '../errors.js'
import type { EmbedRole } from '../types.js'
import { type BatchLimits, type InputSize, MAX_BATCH_TOKENS, sizeOf } from './batch.js'
import type { WaitInfo } from './call-guarded.js'
import type { CircuitBreaker } from './circuit-breaker.js'
import { type Clock, systemClock } from './clock.js'
import type { Embedder, EmbedInput } from './embedder.js'
import { createPacer, type Pacer, UNLIMITED_PACE } from './pace.js'
import { PendingTexts } from './pending-texts.js'
import { type ReceivedVectors, requestVectors } from './request-vectors.js'
import { type Attempt, settleBatch } from './settle-batch.js'

/** A vector and the text it stands for; `index` counts the pushes from 0. */
export type EmbeddedText = {
  readonly index: number
  readonly input: EmbedInput
  readonly vector: Float32Array
}

/** What became of a text. `refused` says why it has no vector, and will have none. */
export type EmbedOutcome =
  | { readonly vector: Float32Array }
  /** `mayPass`: the service answered with something unusable, and may do better another time. */
  | { readonly refused: string; readonly mayPass: boolean }

export type EmbedQueueStats = {
  /** HTTP requests, those that failed included. */
  readonly requests: number
  /** Requests that were made again because the service failed or refused for the moment. */
  readonly retries: number
  readonly texts: number
  /** Estimated tokens of the texts that were embedded. */
  readonly tokens: number
  readonly refused: number
}

export type EmbedQueueOptions = {
  readonly embedder: Embedder
  readonly role: EmbedRole
  /** Requests under way at the same time. Default 4. */
  readonly concurrency?: number
  /** The limiter that all calls to this model share. Default: one of its own, without limits until a 429 teaches some. */
  readonly pacer?: Pacer
  readonly breaker?: CircuitBreaker
  readonly signal?: AbortSignal
  readonly limits?: Partial<BatchLimits>
  /**
   * Called with the vectors of each request as soon as they are there, in whatever order requests end, so that they can
   * be kept: no `push` resolves before the promise does. Calls may overlap; a throw is fatal.
   */
  readonly onBatch?: (results: readonly EmbeddedText[]) => void | Promise<void>
  /** Called for each text that is refused, before its `push` resolves; a throw is fatal. */
  readonly onRefused?: (text: Omit<EmbeddedText, 'vector'>, reason: string) => void
  /** Told of each wait of a second or more. */
  readonly onWait?: (info: WaitInfo) => void
  readonly clock?: Clock
}

export interface EmbedQueue {
  /**
   * Adds a text. Full batches are sent as texts arrive, in order of arrival. Rejects when the queue has failed or was
   * closed; nobody need look at that, it ends no process.
   */
  push(input: EmbedInput): Promise<EmbedOutcome>
  /** Sends what is left of the texts pushed so far, and resolves when each is settled. Throws what was fatal. */
  flush(): Promise<void>
  /** Resolves when there is room: whoever waits for it before each push keeps a few batches in memory. Throws what was fatal. */
  ready(): Promise<void>
  /**
   * Begins no further request and gives up those that wait; resolves when those under way are done. What was pushed and
   * not yet settled is rejected as CANCELLED: call `flush` before. Never throws.
   */
  close(): Promise<void>
  readonly stats: EmbedQueueStats
}

const CONCURRENCY = 4

/** When so many texts got no vector, without being named, and none ever did: it is not for their sake. */
const MAX_DOUBTFUL = 3

type Entry = {
  readonly index: number
  readonly input: EmbedInput
  readonly size: InputSize
  readonly resolve: (outcome: EmbedOutcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes a queue that turns texts into unit-length vectors, across documents, in batches that fit a request and the
 * limits. Faults that pass (408, 429, 5xx, network) are waited out: at most 5 attempts of a request and 10 minutes, for
 * 429s 10 minutes. Texts that cannot be embedded are refused one by one (see `settleBatch`).
 *
 * Whatever else goes wrong is fatal, such as KEY_REFUSED, MODEL_NOT_FOUND, QUOTA_EXHAUSTED, CANCELLED: it rejects all
 * that is pending and to come. Requests under way still finish, and reach `onBatch`: they are paid for.
 */
export function createEmbedQueue(options: EmbedQueueOptions): EmbedQueue {
  return new BatchingQueue(options)
}

class BatchingQueue implements EmbedQueue {
  private readonly options: EmbedQueueOptions
  private readonly clock: Clock
  private readonly pacer: Pacer
  private readonly concurrency: number
  private readonly slots: ReturnType<typeof pLimit>
  /** Ends waits and keeps further requests from beginning; requests under way heed the caller's signal alone. */
  private readonly stop = new AbortController()
  private readonly pending = new PendingTexts<Entry>()
  private readonly unsettled = new Set<Entry>()
  private pushed = 0
  /** Texts pushed before this one are sent though they fill no batch. */
  private flushBefore = 0
  private batches = 0
  /** Texts without a vector of which the service did not say that it is for their sake. */
  private doubtful = 0
  private failure: GemdexError | undefined
  private watchers: (() => void)[] = []
  private readonly counts = { requests: 0, retries: 0, texts: 0, tokens: 0, refused: 0 }
  private readonly onAbort = () => this.fail(new GemdexError('CANCELLED', 'The operation was cancelled'))

  constructor(options: EmbedQueueOptions) {
    const { embedder, clock = systemClock, concurrency = CONCURRENCY, signal } = options
    this.options = options
    this.clock = clock
    this.concurrency = concurrency
    this.slots = pLimit(concurrency)
    const name = embedder.identity.modelId
    this.pacer = options.pacer ?? createPacer({ name, assumed: UNLIMITED_PACE, clock })
    if (signal?.aborted) this.onAbort()
    else signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  get stats(): EmbedQueueStats {
    return { ...this.counts }
  }

  push(input: EmbedInput): Promise<EmbedOutcome> {
    const outcome = new Promise<EmbedOutcome>((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure)
      const entry = { index: this.pushed++, input, size: sizeOf(input), resolve, reject }
      this.unsettled.add(entry)
      if (input.text === '') {
        this.settleOrFail([entry], async () => this.refuse(entry, 'it is empty', false))
        return
      }
      this.pending.add(entry)
      this.advance()
    })
    outcome.catch(() => undefined)
    return outcome
  }

  async flush(): Promise<void> {
    const before = this.pushed
    this.flushBefore = before
    this.advance()
    await this.until(() => {
      const [oldest] = this.unsettled
      return oldest === undefined || oldest.index >= before
    })
    if (this.failure !== undefined) throw this.failure
  }

  async ready(): Promise<void> {
    await this.until(() => this.failure !== undefined || !this.isDue())
    if (this.failure !== undefined) throw this.failure
  }

  async close(): Promise<void> {
    this.fail(new GemdexError('CANCELLED', 'The queue of texts was closed'))
    await this.until(() => this.batches === 0)
    this.options.signal?.removeEventListener('abort', this.onAbort)
  }

  /** What one request may hold at this moment. */
  private limits(): BatchLimits {
    const { embedder, limits = {} } = this.options
    const { maxCount = embedder.maxBatch, maxTokens = MAX_BATCH_TOKENS } = limits
    const { perMinute, tokensPerMinute } = this.pacer.limits()
    const count = Math.min(maxCount, embedder.maxBatch, perMinute, this.pacer.remainingToday())
    return {
      ...limits,
      maxCount: Math.max(1, Math.floor(count)),
      // Half a minute's quota, so that no request waits much longer than that.
      maxTokens: Math.min(maxTokens, tokensPerMinute / 2),
    }
  }

  /** Whether there is a batch to send: a full one, or one that is wanted as it is. */
  private isDue(): boolean {
    const { first } = this.pending
    return first !== undefined && (first.index < this.flushBefore || this.pending.fill(this.limits()))
  }

  /** Sends what can be sent. Twice as many batches as requests: while some are kept, others are under way. */
  private advance(): void {
    while (this.failure === undefined && this.batches < 2 * this.concurrency && this.isDue()) {
      const entries = this.pending.takeBatch(this.limits())
      this.settleOrFail(entries, () => this.settle(entries))
    }
    this.notify()
  }

  private settleOrFail(entries: readonly Entry[], work: () => Promise<void>): void {
    this.batches++
    const run = async () => {
      try {
        await work()
      } catch (error) {
        this.fail(error)
      }
      for (const entry of entries) this.rejectUnsettled(entry)
      this.batches--
      this.advance()
    }
    void run()
  }

  private async settle(entries: readonly Entry[]): Promise<void> {
    await settleBatch(entries, {
      attempt: (texts) => this.attempt(texts),
      refuse: (entry, blame) => {
        if (blame.inputIndex === undefined) this.doubtful++
        if (this.counts.texts === 0 && this.doubtful >= MAX_DOUBTFUL) throw blame
        this.refuse(entry, blame.message, blame.code === 'BAD_RESPONSE')
      },
      isDoubtful: () => this.counts.texts === 0 && this.doubtful > 0,
    })
  }

  /** One request for some texts, and what comes of it kept and handed out. */
  private async attempt(entries: readonly Entry[]): Promise<Attempt<Entry>> {
    const { blame, results, kept } = await this.slots(() => this.requestAndKeep(entries))
    await kept
    for (const { entry, vector } of results) {
      this.counts.texts++
      this.counts.tokens += entry.size.tokens
      this.unsettled.delete(entry)
      entry.resolve({ vector })
    }
    this.notify()
    const remaining = entries.filter((entry) => this.unsettled.has(entry))
    return blame === undefined ? { remaining } : { remaining, blame }
  }

  private async requestAndKeep(entries: readonly Entry[]) {
    try {
      if (this.failure !== undefined) throw this.failure
      const { vectors, blame } = await this.request(entries)
      const results = entries.flatMap((entry, position) => {
        const vector = vectors[position]
        return vector === undefined ? [] : [{ entry, vector }]
      })
      const embedded = results.map(({ entry: { index, input }, vector }) => ({ index, input, vector }))
      return { blame, results, kept: embedded.length === 0 ? undefined : this.options.onBatch?.(embedded) }
    } catch (error) {
      // Before the slot is free: no request follows one that is fatal or could not be kept.
      this.fail(error)
      throw error
    }
  }

  private request(entries: readonly Entry[]): Promise<ReceivedVectors> {
    const { embedder, role, signal, breaker, onWait } = this.options
    const { clock, pacer } = this
    return requestVectors(
      entries.map(({ input }) => input),
      {
        embedder,
        role,
        cost: {
          requests: entries.length,
          tokens: entries.reduce((sum, { size }) => sum + size.tokens, 0),
        },
        guard: { pacer, clock, ...(breaker && { breaker }) },
        stopSignal: this.stop.signal,
        onTry: (tries) => {
          this.counts.requests++
          if (tries > 1) this.counts.retries++
        },
        ...(signal && { signal }),
        ...(onWait && { onWait }),
      },
    )
  }

  private refuse(entry: Entry, reason: string, mayPass: boolean): void {
    this.counts.refused++
    this.options.onRefused?.({ index: entry.index, input: entry.input }, reason)
    this.unsettled.delete(entry)
    entry.resolve({ refused: reason, mayPass })
    this.notify()
  }

  /** The first failure stays the failure. */
  private fail(thrown: unknown): void {
    if (this.failure !== undefined) return
    this.failure = toGemdexError(thrown)
    this.stop.abort()
    for (const entry of this.pending.takeAll()) this.rejectUnsettled(entry)
    this.notify()
  }

  private rejectUnsettled(entry: Entry): void {
    if (this.unsettled.delete(entry)) entry.reject(this.failure)
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  private notify(): void {
    const watchers = this.watchers
    this.watchers = []
    for (const watcher of watchers) watcher()
  }
}
