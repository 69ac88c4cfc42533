import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEmbedQueue } from '../../src/embed/embed-queue.js'
import type { Embedder, EmbedInput } from '../../src/embed/embedder.js'
import { GemdexError } from '../../src/errors.js'
import { createDocumentPipeline, type Waiting } from '../../src/ingest/document-pipeline.js'
import { documentId } from '../../src/ingest/prepare-document.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import type { Store } from '../../src/store/store.js'
import {
  COLLECTION,
  IDENTITY,
  keyOf,
  makeChunks,
  openPrepared,
  unitsOf,
  unitVector,
} from '../store/samples.js'

/** One request to the embedder that waits for its answer. */
type Call = {
  readonly texts: readonly string[]
  answer(): void
  refuse(error: Error): void
}

type Options = {
  readonly maxBatch?: number
  readonly concurrency?: number
  /** Answers at once; else the test does, through `calls`. */
  readonly auto?: boolean
  /** Texts that are refused by name. */
  readonly refuses?: (text: string) => boolean
  readonly signal?: AbortSignal
  /** Stands between the pipeline and the store. */
  readonly around?: (store: Store) => Partial<Store>
}

/** A document of these passages; equal texts have equal keys. */
function makeWaiting(uri: string, ...texts: readonly string[]): Waiting {
  return {
    document: {
      id: documentId(COLLECTION, uri),
      collection: COLLECTION,
      uri,
      fileUri: uri,
      title: uri,
      type: 'text',
      metadata: {},
      text: texts.join('\n'),
      blocks: [],
      sizeBytes: 1,
      contentHash: keyOf(uri),
      modifiedMs: 0,
      dateMs: 0,
    },
    chunks: makeChunks(texts.map((text) => ({ text, embedding: text }))),
    inputs: texts.map((text) => ({ text })),
    file: { uri, fingerprint: 'f', contentHash: keyOf(uri), outcome: 'indexed' },
  }
}

const many = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name} ${i}`)

async function openBench({ maxBatch = 1, concurrency = 4, auto = false, ...options }: Options = {}) {
  const store = await openPrepared(() => openSqliteStore(':memory:', { create: true }))
  onTestFinished(() => store.close())
  const calls: Call[] = []
  const sent: string[] = []
  const stored: string[] = []
  const refused: [string, readonly string[]][] = []
  const embedder: Embedder = {
    identity: IDENTITY.embedder,
    maxBatch,
    maxInputTokens: 1_000_000,
    semantic: false,
    relevanceRange: { unrelated: 0, related: 1 },
    embed(inputs: readonly EmbedInput[], { signal }) {
      const texts = inputs.map(({ text }) => text)
      sent.push(...texts)
      return new Promise((resolve, reject) => {
        const inputIndex = texts.findIndex((text) => options.refuses?.(text))
        const call: Call = {
          texts,
          answer: () => resolve(texts.map((_, i) => unitVector(1, i, sent.length, 2))),
          refuse: reject,
        }
        signal?.addEventListener('abort', () => reject(new GemdexError('CANCELLED', 'cancelled')))
        calls.push(call)
        if (inputIndex >= 0) reject(new GemdexError('REQUEST_REFUSED', 'not this one', { inputIndex }))
        else if (auto) call.answer()
      })
    },
  }
  const abort = options.signal && { signal: options.signal }
  const queue = createEmbedQueue({
    embedder,
    role: 'document',
    concurrency,
    ...abort,
    onBatch: async (results) => {
      await store.putEmbeddings(results.map(({ input, vector }) => ({ key: keyOf(input.text), vector })))
    },
  })
  onTestFinished(() => queue.close())
  const watched: Store = {
    ...store,
    async replaceDocuments(entries) {
      const keys = entries.flatMap(({ chunks }) => chunks.flatMap(({ embeddingKey }) => embeddingKey ?? []))
      expect(await store.knownEmbeddings(keys), 'a document before its vectors').toEqual(new Set(keys))
      await store.replaceDocuments(entries)
    },
    ...options.around?.(store),
  }
  const pipeline = createDocumentPipeline({
    store: watched,
    queue,
    batch: maxBatch,
    ...abort,
    onStored: ({ document }, messages) => {
      stored.push(document.uri)
      if (messages.length > 0) refused.push([document.uri, messages])
    },
  })
  /** The request that holds a text, once it is made. */
  const callFor = async (text: string): Promise<Call> => {
    for (;;) {
      const call = calls.find(({ texts }) => texts.includes(text))
      if (call !== undefined) return call
      await nextTurn()
    }
  }
  const answer = async (text: string) => {
    const call = await callFor(text)
    call.answer()
    while ((await store.knownEmbeddings([keyOf(text)])).size === 0) await nextTurn()
    await turns()
  }
  return { store, queue, pipeline, calls, sent, stored, refused, callFor, answer }
}

/** Lets everything happen that waits for nothing outside. */
async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn()
}

function makeGate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const note = () => {
    settled = true
  }
  promise.then(note, note)
  await turns()
  return settled
}

describe('a text is sent once', () => {
  test('when its vector is known', async () => {
    const { store, pipeline, sent } = await openBench({ auto: true })
    await store.putEmbeddings([{ key: keyOf('known'), vector: unitVector(1, 2, 3, 4) }])
    await pipeline.add(makeWaiting('a', 'known', 'new'))
    await pipeline.finish()
    expect(sent).toEqual(['new'])
    expect(await store.counts()).toMatchObject({ documents: 1, chunks: 2, embedded: 2 })
  })

  test('when it is under way for another document', async () => {
    const { store, pipeline, sent, stored, answer } = await openBench()
    await pipeline.add(makeWaiting('a', 'same'))
    await pipeline.add(makeWaiting('b', 'same', 'own'))
    await answer('own')
    expect(stored).toEqual([])
    await answer('same')
    await pipeline.finish()
    expect(sent).toEqual(['same', 'own'])
    expect(stored).toEqual(['a', 'b'])
    expect(await store.counts()).toMatchObject({ chunks: 3, embedded: 3 })
  })

  test('when a document has it twice', async () => {
    const { store, pipeline, sent } = await openBench({ auto: true })
    await pipeline.add(makeWaiting('a', 'same', 'same'))
    await pipeline.finish()
    expect(sent).toEqual(['same'])
    expect(await store.counts()).toMatchObject({ chunks: 2, embedded: 2 })
  })

  test('when two documents with equal passages come in a row', async () => {
    const { store, pipeline, sent, stored } = await openBench({ auto: true })
    await Promise.all([
      pipeline.add(makeWaiting('a', 'same', 'more')),
      pipeline.add(makeWaiting('b', 'more', 'same')),
    ])
    await pipeline.finish()
    expect(sent.toSorted()).toEqual(['more', 'same'])
    expect(stored).toEqual(['a', 'b'])
    expect(await store.counts()).toMatchObject({ chunks: 4, embedded: 4 })
  })

  test('when its vector becomes durable while the store looks which ones are known', async () => {
    const gate = makeGate()
    const asked: string[][] = []
    const { store, pipeline, sent, answer } = await openBench({
      around: (store) => ({
        async knownEmbeddings(keys) {
          asked.push([...keys])
          // As it was when it was asked.
          const known = await store.knownEmbeddings(keys)
          if (asked.length === 2) await gate.opened
          return known
        },
      }),
    })
    await pipeline.add(makeWaiting('a', 'same'))
    const second = pipeline.add(makeWaiting('b', 'same', 'own'))
    await answer('same')
    gate.open()
    await second
    await answer('own')
    await pipeline.finish()
    expect(asked).toEqual([[keyOf('same')], [keyOf('own')]])
    expect(sent).toEqual(['same', 'own'])
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 3, embedded: 3 })
  })
})

describe('documents are stored', () => {
  test('in the order they came, though their vectors come in another', async () => {
    const { store, pipeline, stored, answer } = await openBench()
    for (const name of ['a', 'b', 'c', 'd']) await pipeline.add(makeWaiting(name, `text of ${name}`))
    await answer('text of c')
    await answer('text of b')
    expect(stored).toEqual([])
    expect((await store.counts()).documents).toBe(0)
    await answer('text of a')
    expect(stored).toEqual(['a', 'b', 'c'])
    await answer('text of d')
    await pipeline.finish()
    expect(stored).toEqual(['a', 'b', 'c', 'd'])
  })

  test('only when all their vectors are durable', async () => {
    const { store, pipeline, stored, answer } = await openBench()
    await pipeline.add(makeWaiting('a', 'first', 'second', 'third'))
    await answer('third')
    await answer('first')
    expect(stored).toEqual([])
    expect(await store.counts()).toMatchObject({ documents: 0, chunks: 0 })
    await answer('second')
    expect(stored).toEqual(['a'])
    await pipeline.finish()
  })

  test('several in one transaction, when they wait for nothing', async () => {
    const writes: number[] = []
    const { pipeline, stored, answer } = await openBench({
      concurrency: 64,
      around: (store) => ({
        async replaceDocuments(entries) {
          writes.push(entries.length)
          await store.replaceDocuments(entries)
        },
      }),
    })
    const names = many(50, 'file')
    for (const name of names) await pipeline.add(makeWaiting(name, `text of ${name}`))
    for (const name of names.slice(1)) await answer(`text of ${name}`)
    await answer(`text of ${names[0]}`)
    await pipeline.finish()
    expect(stored).toEqual(names)
    expect(writes).toEqual([40, 10])
  })

  test('also one that comes just when the last one before it was stored', async () => {
    for (let ticks = 0; ticks < 25; ticks++) {
      let asked = 0
      const { store, pipeline, stored } = await openBench({
        around: (store) => ({
          async knownEmbeddings(keys) {
            for (let i = 0; asked > 0 && i < ticks; i++) await null
            asked++
            return store.knownEmbeddings(keys)
          },
        }),
      })
      await store.putEmbeddings([{ key: keyOf('known'), vector: unitVector(1, 2, 3, 4) }])
      await pipeline.add(makeWaiting('a', 'known'))
      await pipeline.add(makeWaiting('b', 'known'))
      await pipeline.finish()
      expect(stored, `after ${ticks} ticks`).toEqual(['a', 'b'])
    }
  })
})

describe('a refused text', () => {
  test('leaves its passage without a vector, and is told with its document', async () => {
    const { store, pipeline, refused } = await openBench({
      auto: true,
      maxBatch: 3,
      refuses: (text) => text === 'bad',
    })
    await pipeline.add(makeWaiting('a', 'good', 'bad', 'fine'))
    await pipeline.add(makeWaiting('b', 'other'))
    await pipeline.finish()
    expect(refused).toEqual([['a', ['not this one']]])
    expect(await store.getDocument(documentId(COLLECTION, 'a'))).toMatchObject({ embedded: 2, expected: 3 })
    expect(await store.getDocument(documentId(COLLECTION, 'b'))).toMatchObject({ embedded: 1, expected: 1 })
    const found = await store.searchKeywords(unitsOf('bad'), 10, {})
    expect((await store.getChunks(found.map(({ chunkId }) => chunkId))).map(({ text }) => text)).toEqual([
      'bad',
    ])
  })

  test('is not sent again for a later document, which is told of it, too', async () => {
    const { store, pipeline, sent, refused } = await openBench({
      auto: true,
      refuses: (text) => text === 'bad',
    })
    await pipeline.add(makeWaiting('a', 'good', 'bad'))
    await turns()
    await pipeline.add(makeWaiting('b', 'bad'))
    await pipeline.finish()
    expect(sent.filter((text) => text === 'bad')).toHaveLength(1)
    expect(refused).toEqual([
      ['a', ['not this one']],
      ['b', ['not this one']],
    ])
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 3, embedded: 1 })
  })
})

describe('when the embedder fails for good', () => {
  const fault = new GemdexError('KEY_REFUSED', 'the key was taken back')

  test('what came before is kept, and the fault is thrown, with no rejection left over', async () => {
    const left: unknown[] = []
    const note = (reason: unknown) => left.push(reason)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const { store, pipeline, stored, callFor } = await openBench({ concurrency: 2 })
    for (const name of ['a', 'b', 'c', 'd']) await pipeline.add(makeWaiting(name, `text of ${name}`))
    const first = await callFor('text of a')
    ;(await callFor('text of b')).refuse(fault)
    await turns()
    expect(stored).toEqual([])
    // It was under way, and is paid for.
    first.answer()
    await expect(pipeline.finish()).rejects.toBe(fault)
    expect(stored).toEqual(['a'])
    expect(await store.counts()).toMatchObject({ documents: 1, embedded: 1 })
    await expect(pipeline.add(makeWaiting('e', 'text of e'))).rejects.toBe(fault)
    await turns()
    expect(stored).toEqual(['a'])
    expect(left).toEqual([])
  })

  test('an add that waits for room throws it', async () => {
    const { pipeline, callFor } = await openBench({ maxBatch: 100, concurrency: 1 })
    for (const name of ['a', 'b', 'c', 'd']) await pipeline.add(makeWaiting(name, ...many(1000, name)))
    const waiting = pipeline.add(makeWaiting('e', ...many(1000, 'e')))
    expect(await isSettled(waiting)).toBe(false)
    ;(await callFor('a 0')).refuse(fault)
    await expect(waiting).rejects.toBe(fault)
    await expect(pipeline.finish()).rejects.toBe(fault)
  })

  test('so is a fault of the store, and nothing is stored behind it', async () => {
    const full = new GemdexError('STORE_FULL', 'the disk is full')
    const gate = makeGate()
    let writes = 0
    const { store, pipeline, stored } = await openBench({
      auto: true,
      around: (store) => ({
        async knownEmbeddings(keys) {
          if (keys.includes(keyOf('text of b'))) await gate.opened
          return store.knownEmbeddings(keys)
        },
        async replaceDocuments(entries) {
          writes++
          // There is room again the second time.
          if (writes === 1) throw full
          await store.replaceDocuments(entries)
        },
      }),
    })
    await pipeline.add(makeWaiting('a', 'text of a'))
    // While the store is asked about its text, the write before it fails.
    await pipeline.add(makeWaiting('b', 'text of b'))
    while (writes === 0) await nextTurn()
    await turns()
    gate.open()
    await expect(pipeline.finish()).rejects.toBe(full)
    await turns()
    expect(stored).toEqual([])
    expect((await store.counts()).documents).toBe(0)
  })
})

describe('asking the store which vectors it has', () => {
  /** Counts the texts of each question. */
  async function openAsking(maxBatch: number) {
    const asked: number[] = []
    const gate = makeGate()
    const bench = await openBench({
      maxBatch,
      auto: true,
      around: (store) => ({
        async knownEmbeddings(keys) {
          asked.push(keys.length)
          await gate.opened
          return store.knownEmbeddings(keys)
        },
      }),
    })
    return { ...bench, asked, gate }
  }

  test('waits until there are texts for a request, or no more to come; they are stored in order', async () => {
    const { pipeline, asked, gate, stored } = await openAsking(3)
    gate.open()
    for (const name of ['a', 'b', 'c', 'd']) await pipeline.add(makeWaiting(name, `${name} 1`, `${name} 2`))
    await turns()
    await pipeline.add(makeWaiting('e', 'e 1'))
    await turns()
    expect(asked).toEqual([4, 4])
    await pipeline.finish()
    expect(asked).toEqual([4, 4, 1])
    expect(stored).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('is done for all documents at once that came meanwhile, each text once', async () => {
    const { pipeline, asked, gate, sent, stored } = await openAsking(1)
    for (const name of ['a', 'b', 'c']) await pipeline.add(makeWaiting(name, `${name} 1`, 'in all'))
    await turns()
    expect(asked).toEqual([2])
    gate.open()
    await pipeline.finish()
    // The text of all is under way by then.
    expect(asked).toEqual([2, 2])
    expect(sent.toSorted()).toEqual(['a 1', 'b 1', 'c 1', 'in all'])
    expect(stored).toEqual(['a', 'b', 'c'])
  })
})

describe('cancelling', () => {
  test('ends it; what is not stored by then is not stored afterwards', async () => {
    const controller = new AbortController()
    const { store, pipeline, stored, answer } = await openBench({ signal: controller.signal })
    await pipeline.add(makeWaiting('a', 'text of a'))
    await pipeline.add(makeWaiting('b', 'text of b'))
    await pipeline.add(makeWaiting('c', 'text of c'))
    await answer('text of a')
    await answer('text of c')
    controller.abort()
    await expect(pipeline.finish()).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(pipeline.add(makeWaiting('d', 'text of d'))).rejects.toMatchObject({ code: 'CANCELLED' })
    await turns()
    expect(stored).toEqual(['a'])
    expect((await store.counts()).documents).toBe(1)
    // Paid for, and there for the next run.
    expect((await store.knownEmbeddings([keyOf('text of c')])).size).toBe(1)
  })
})

describe('cancelling while documents are written', () => {
  test('leaves out those that wait behind', async () => {
    const controller = new AbortController()
    const gate = makeGate()
    let writes = 0
    const { pipeline, stored, answer } = await openBench({
      signal: controller.signal,
      around: (store) => ({
        async replaceDocuments(entries) {
          writes++
          await gate.opened
          await store.replaceDocuments(entries)
        },
      }),
    })
    await pipeline.add(makeWaiting('a', 'text of a'))
    await pipeline.add(makeWaiting('b', 'text of b'))
    await answer('text of a')
    expect(writes).toBe(1)
    await answer('text of b')
    controller.abort()
    gate.open()
    await expect(pipeline.finish()).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(stored).toEqual(['a'])
    expect(writes).toBe(1)
  })
})

describe('backpressure', () => {
  test('holds up reading beyond 4,000 passages that wait, until some are stored', async () => {
    const { pipeline, calls, stored } = await openBench({ maxBatch: 100, concurrency: 1 })
    for (const name of ['a', 'b', 'c', 'd']) await pipeline.add(makeWaiting(name, ...many(1000, name)))
    const fifth = pipeline.add(makeWaiting('e', ...many(1000, 'e')))
    let hasRoom = false
    void fifth.then(() => {
      hasRoom = true
    })
    for (let answered = 0; answered < 10; answered++) {
      expect(hasRoom).toBe(false)
      while (calls[answered] === undefined) await nextTurn()
      calls[answered]?.answer()
      await turns()
    }
    expect(stored).toEqual(['a'])
    await fifth
    const finished = pipeline.finish()
    for (let answered = 10; answered < 50; answered++) {
      while (calls[answered] === undefined) await nextTurn()
      calls[answered]?.answer()
    }
    await finished
    expect(stored).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(calls.map(({ texts }) => texts.length)).toEqual(Array(50).fill(100))
  })

  test('lets a document through that is larger than that by itself and fills no last batch', async () => {
    const { store, pipeline, stored } = await openBench({ auto: true, maxBatch: 100 })
    await pipeline.add(makeWaiting('huge', ...many(4050, 'text')))
    await pipeline.finish()
    expect(stored).toEqual(['huge'])
    expect(await store.counts()).toMatchObject({ chunks: 4050, embedded: 4050 })
  })

  test('lets a text go that fills no batch, when all behind it are known', async () => {
    const { store, pipeline, sent, stored } = await openBench({ auto: true, maxBatch: 100 })
    const known = many(1500, 'known')
    const vector = unitVector(1, 2, 3, 4)
    await store.putEmbeddings(known.map((text) => ({ key: keyOf(text), vector })))
    await pipeline.add(makeWaiting('new', 'a new text'))
    for (const name of ['a', 'b', 'c']) await pipeline.add(makeWaiting(name, ...known))
    await pipeline.finish()
    expect(sent).toEqual(['a new text'])
    expect(stored).toEqual(['new', 'a', 'b', 'c'])
  })
})
