import { describe, expect, test } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { type PushRequest, pushDocument } from '../../src/ingest/push-document.js'
import { tempFolder } from '../files/temp-folder.js'
import {
  createCountingEmbedder,
  documentsOf,
  extractHere,
  findTerm,
  longSections,
  openWorkbench,
} from './workbench.js'

const bytes = (text: string) => new TextEncoder().encode(text)

async function openPushing() {
  const workbench = await openWorkbench()
  const { store, embedder } = workbench
  const push = (request: Omit<PushRequest, 'bytes'> & { readonly text: string }) => {
    const { text, ...rest } = request
    return pushDocument(
      { ...rest, bytes: bytes(text) },
      { store, embedder, extractFile: extractHere, concurrency: 2, now: () => Date.UTC(2026, 10, 24) },
    )
  }
  return { ...workbench, push }
}

describe('a pushed document', () => {
  test('is there, whole, embedded and found, with what was said of it', async () => {
    const { push, store } = await openPushing()
    const { documents, notices } = await push({
      uri: 'calls/2026-11-24.md',
      text: '---\nauthor: Ines\ntags: [hut]\n---\n# Call\n\nThe winter room stays open.\n',
      title: 'Call with the warden',
      metadata: { author: 'Marit', level: 3 },
    })
    expect(notices).toEqual([])
    expect(documents).toMatchObject([
      {
        uri: 'calls/2026-11-24.md',
        fileUri: 'calls/2026-11-24.md',
        collection: 'pushed',
        title: 'Call with the warden',
        type: 'text/markdown',
        metadata: { author: 'Marit', tags: ['hut'], level: 3 },
        modifiedMs: Date.UTC(2026, 10, 24),
        embedded: 1,
        expected: 1,
      },
    ])
    expect(await findTerm(store, 'warden')).toEqual(['calls/2026-11-24.md'])
    expect(await store.collections()).toMatchObject([{ name: 'pushed', root: null, documents: 1 }])
    expect(await store.usage()).toMatchObject([{ requests: 1, texts: 1 }])
  })

  test('takes the place of what had its URI; other collections keep theirs', async () => {
    const { push, store } = await openPushing()
    await push({ uri: 'a.md', text: 'Apples.' })
    await push({ uri: 'a.md', text: 'Acorns.', collection: 'trees' })
    const { documents } = await push({ uri: 'a.md', text: 'Pears.' })
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2 })
    expect(await findTerm(store, 'appl')).toEqual([])
    expect(await findTerm(store, 'pear')).toEqual(['a.md'])
    expect(documents[0]?.id).toBe((await documentsOf(store, 'pushed')).get('a.md')?.id)
  })

  test('sends no text whose vector is known', async () => {
    const { push, embedder } = await openPushing()
    const text = longSections('# One', '# Two', '# Three')
    await push({ uri: 'a.md', text, title: 'T' })
    const sent = embedder.sent.length
    expect(sent).toBe(3)
    await push({ uri: 'b.md', text: `${text}\n${longSections('# Four')}`, title: 'T' })
    expect(embedder.sent.length).toBe(sent + 1)
  })

  test('stays when folders are indexed, and leaves with its vectors when it is removed', async () => {
    const { push, store, index } = await openPushing()
    await push({ uri: 'a.md', text: 'Apples.' })
    await index(await tempFolder({ 'b.md': 'Bears.' }), { collection: 'files' })
    expect(await store.counts()).toMatchObject({ documents: 2, embedded: 2 })
    expect(await store.removeFiles('pushed', ['a.md'])).toBe(1)
    expect(await store.counts()).toMatchObject({ documents: 1, embedded: 1 })
    expect(await store.pruneEmbeddings()).toBe(0)
  })

  test('survives a run that drops unused vectors while it is being embedded', async () => {
    const { store, embedder } = await openPushing()
    const slow = {
      ...embedder,
      async embed(...args: Parameters<typeof embedder.embed>) {
        const vectors = await embedder.embed(...args)
        await store.pruneEmbeddings()
        return vectors
      },
    }
    const dependencies = { store, embedder: slow, extractFile: extractHere, concurrency: 1, now: Date.now }
    const text = longSections(...Array.from({ length: 30 }, (_, i) => `# Part ${i}`))
    const { documents } = await pushDocument({ uri: 'a.md', bytes: bytes(text) }, dependencies)
    expect(documents).toMatchObject([{ embedded: 30, expected: 30 }])
  })

  test('survives the removal of its collection while it is being embedded', async () => {
    const { store, embedder } = await openPushing()
    let requests = 0
    const slow = {
      ...embedder,
      async embed(...args: Parameters<typeof embedder.embed>) {
        const vectors = await embedder.embed(...args)
        if (++requests === 1) await store.removePart({ collection: 'trees' }, 9)
        return vectors
      },
    }
    const dependencies = { store, embedder: slow, extractFile: extractHere, concurrency: 1, now: Date.now }
    const request = { uri: 'a.md', collection: 'trees', bytes: bytes('Acorns.') }
    expect((await pushDocument(request, dependencies)).documents).toMatchObject([{ embedded: 1 }])
    expect(await store.collections()).toContainEqual(expect.objectContaining({ name: 'trees', documents: 1 }))
  })

  test('survives the loss of a vector that was known when it began', async () => {
    const { store, push, embedder } = await openPushing()
    await push({ uri: 'a.md', text: 'Apples.', title: 'T' })
    let looks = 0
    const forgetful = {
      ...store,
      async knownEmbeddings(keys: readonly string[]) {
        const known = await store.knownEmbeddings(keys)
        // Right after the first look the last document that uses the vector goes.
        if (++looks === 1) await store.removeFiles('pushed', ['a.md'])
        return known
      },
    }
    const dependencies = {
      store: forgetful,
      embedder,
      extractFile: extractHere,
      concurrency: 1,
      now: Date.now,
    }
    const request = { uri: 'b.md', title: 'T', bytes: bytes('Apples.') }
    expect((await pushDocument(request, dependencies)).documents).toMatchObject([{ embedded: 1 }])
    expect(looks).toBe(2)
  })
})

describe('what cannot be taken in', () => {
  test.each([
    ['', 'EMPTY'],
    [' \n ', 'EMPTY'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1c7f0vJ8C5xT3mQe9wq0ZkYb\n', 'SECRET'],
  ])('%j is refused with the reason', async (text, reason) => {
    const { push, store } = await openPushing()
    await expect(push({ uri: 'a.md', text })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(reason),
    })
    expect((await store.counts()).documents).toBe(0)
  })

  test('a name that looks like a secret', async () => {
    const { push } = await openPushing()
    await expect(push({ uri: 'home/.env', text: 'a text' })).rejects.toMatchObject({
      message: expect.stringContaining('SECRET'),
    })
  })

  test('a collection that belongs to a folder', async () => {
    const { push, index } = await openPushing()
    await index(await tempFolder({ 'b.md': 'Bears.' }), { collection: 'files' })
    await expect(push({ uri: 'a.md', text: 'Apples.', collection: 'files' })).rejects.toMatchObject({
      code: 'COLLECTION_TAKEN',
    })
  })

  test('an embedder that is out of quota: nothing is stored', async () => {
    const { push, store, embedder } = await openPushing()
    embedder.left = 0
    await expect(push({ uri: 'a.md', text: 'Apples.' })).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    expect((await store.counts()).documents).toBe(0)
  })

  test('a passage that the embedder refuses is found by its words, and told', async () => {
    const { store } = await openPushing()
    const embedder = createCountingEmbedder(1)
    const picky = {
      ...embedder,
      embed(...args: Parameters<typeof embedder.embed>) {
        if (args[0].some(({ text }) => text.includes('Two')))
          throw new GemdexError('REQUEST_REFUSED', 'too strange', { inputIndex: 0 })
        return embedder.embed(...args)
      },
    }
    const dependencies = { store, embedder: picky, extractFile: extractHere, concurrency: 1, now: Date.now }
    const request = { uri: 'a.md', bytes: bytes(longSections('# One', '# Two')) }
    const { documents, notices } = await pushDocument(request, dependencies)
    expect(documents).toMatchObject([{ embedded: 1, expected: 2 }])
    expect(notices).toMatchObject([{ message: expect.stringContaining('too strange') }])
  })
})
