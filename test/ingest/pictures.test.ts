import { describe, expect, it } from 'vitest'
import type { GeneratePart, GenerateRequest, Generator } from '../../src/answer/generator.js'
import type { CallGuard } from '../../src/embed/call-guarded.js'
import { systemClock } from '../../src/embed/clock.js'
import { createPacer } from '../../src/embed/pace.js'
import { GemdexError } from '../../src/errors.js'
import { createPictureReader } from '../../src/ingest/picture-reader.js'
import type { Usage } from '../../src/types.js'
import { jpegOf, pngOf } from '../extract/image-files.js'
import { tempFolder } from '../files/temp-folder.js'
import { documentsOf, findTerm, openWorkbench } from './workbench.js'

const usage: Usage = { promptTokens: 1300, answerTokens: 100, thinkingTokens: 0, totalTokens: 1400 }
const CHART = {
  title: 'Visitors by month',
  description: 'A bar chart: the tallest bar, in July, is at 4,200 visitors.',
  text: 'Visitors\nJuly 4,200',
}

type Says = (request: GenerateRequest, call: number) => Partial<typeof CHART> | GeneratePart | GemdexError

/** A model that says what it is told to, and keeps what it was asked. */
function modelThat(says: Says) {
  const asked: GenerateRequest[] = []
  const generator: Generator = {
    modelId: 'seeing-model',
    maxInputTokens: 1_000_000,
    maxOutputTokens: 1000,
    extractive: false,
    seesImages: true,
    async *generate(request) {
      asked.push(request)
      const said = says(request, asked.length)
      if (said instanceof GemdexError) throw said
      if ('type' in said) yield said
      else {
        yield { type: 'text', text: JSON.stringify(said), candidate: 0 }
        yield { type: 'finish', kind: 'stop', reason: 'STOP', usage }
      }
    },
  }
  const clock = { ...systemClock, sleep: async () => {} }
  const guard: CallGuard = {
    clock,
    pacer: createPacer({
      name: 'seeing-model',
      clock,
      assumed: { perMinute: 60, tokensPerMinute: 1_000_000, perDay: 5 },
    }),
  }
  const withPrice = (used: Usage) => ({ ...used, priceUsd: used.totalTokens / 1_000_000 })
  return { asked, pictures: createPictureReader({ generator, guard, safety: [], withPrice }) }
}

describe('pictures, with a model that looks at them', () => {
  it('are found by what they show and by what is written in them', async () => {
    const { asked, pictures } = modelThat(() => CHART)
    const { store, index, indexWithEvents } = await openWorkbench({ pictures })
    const root = await tempFolder({
      'figures/chart.jpg': jpegOf({ photo: { 36867: '2024:03:14 09:26:53' } }),
    })
    const { report, events } = await indexWithEvents(root, { images: true })
    expect(report).toMatchObject({ indexed: 1, skipped: 0, pictures: 1 })
    expect(events).toContainEqual({ type: 'described', tokens: 1400, priceUsd: 0.0014 })
    expect(await findTerm(store, 'tallest')).toEqual(['figures/chart.jpg'])
    expect(await findTerm(store, 'visitor')).toEqual(['figures/chart.jpg'])
    expect((await documentsOf(store)).get('figures/chart.jpg')).toMatchObject({
      title: 'Visitors by month',
      type: 'image/jpeg',
      dateMs: Date.UTC(2024, 2, 14, 9, 26, 53),
      metadata: { describedBy: 'seeing-model', width: 40, height: 30 },
    })
    expect(asked[0]?.messages[0]?.images).toEqual([{ mimeType: 'image/jpeg', data: expect.any(String) }])
    expect(await store.usage()).toContainEqual(
      expect.objectContaining({ model: 'seeing-model', requests: 1, tokens: 1400, priceUsd: 0.0014 }),
    )
    // What is known is not asked again.
    expect(await index(root, { images: true })).toMatchObject({ indexed: 0, unchanged: 1, pictures: 0 })
    expect(asked).toHaveLength(1)
  })

  it('that were left out before are read, with or without words of their own', async () => {
    const { pictures } = modelThat(() => CHART)
    const { store, index } = await openWorkbench({ pictures })
    const root = await tempFolder({ 'a.jpg': jpegOf({}), 'b.png': pngOf({ Title: 'Our garden' }) })
    expect(await index(root)).toMatchObject({ indexed: 1, pictures: 0, skippedFiles: [{ uri: 'a.jpg' }] })
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 1 })
    expect(await index(root, { images: true })).toMatchObject({ indexed: 2, skipped: 0, pictures: 2 })
    expect(await findTerm(store, 'tallest')).toEqual(['a.jpg', 'b.png'])
    expect((await documentsOf(store)).get('b.png')?.title).toBe('Our garden')
    // A run that does not look takes nothing away.
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 2 })
  })

  it('are read in mails as well, and what cannot be read of one is said', async () => {
    const blocked: GeneratePart = { type: 'finish', kind: 'blocked', reason: 'SAFETY' }
    const { pictures } = modelThat((_, call) => (call === 1 ? CHART : blocked))
    const { store, index } = await openWorkbench({ pictures })
    const attach = (name: string, bytes: Uint8Array) =>
      `--b\nContent-Type: image/jpeg; name="${name}"\nContent-Transfer-Encoding: base64\n\n${Buffer.from(bytes).toString('base64')}\n`
    const mail = `From: a@example.org\nSubject: Figures\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHere they are.\n${attach('one.jpg', jpegOf({}))}${attach('two.jpg', jpegOf({}))}--b--\n`
    const report = await index(await tempFolder({ 'figures.eml': mail }), { images: true })
    expect(report).toMatchObject({
      indexed: 1,
      pictures: 1,
      notices: [{ code: 'NO_TEXT', part: 'two.jpg', message: expect.stringContaining('SAFETY') }],
    })
    expect(await findTerm(store, 'tallest')).toEqual(['figures.eml/one.jpg'])
  })

  it('that the model will not describe are skipped by name, and cost no other', async () => {
    const refusals = [
      new GemdexError('REQUEST_REFUSED', 'Unable to process the picture'),
      { type: 'finish', kind: 'blocked', reason: 'SAFETY' } as const,
      { description: ' ', text: '' },
    ]
    const { pictures } = modelThat((_, call) => refusals[call - 1] ?? CHART)
    const { index } = await openWorkbench({ pictures, filesAhead: 1, concurrency: 1 })
    const root = await tempFolder(
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.jpg`, jpegOf({})])),
    )
    const report = await index(root, { images: true })
    expect(report).toMatchObject({ indexed: 1, pictures: 1 })
    expect(report.skippedFiles).toEqual([
      { uri: 'a.jpg', reason: 'NO_TEXT', message: expect.stringContaining('Unable to process') },
      { uri: 'b.jpg', reason: 'NO_TEXT', message: expect.stringContaining('SAFETY') },
      { uri: 'c.jpg', reason: 'NO_TEXT', message: expect.stringContaining('said nothing') },
    ])
  })

  it('are tried again when the service falters', async () => {
    const down = new GemdexError('UNAVAILABLE', 'Overloaded', { retryable: true })
    const { asked, pictures } = modelThat((_, call) => (call === 1 ? down : CHART))
    const { index } = await openWorkbench({ pictures })
    const root = await tempFolder({ 'a.jpg': jpegOf({}) })
    expect(await index(root, { images: true })).toMatchObject({ indexed: 1 })
    expect(asked).toHaveLength(2)
  })

  it("end the run when the day's quota is used up, and the next one goes on from there", async () => {
    const spent = new GemdexError('QUOTA_EXHAUSTED', 'No more today', { resumeAtMs: 1 })
    let isSpent = true
    const { asked, pictures } = modelThat((_, call) => (isSpent && call > 2 ? spent : CHART))
    const { index } = await openWorkbench({ pictures, filesAhead: 1, concurrency: 1 })
    const root = await tempFolder(
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.jpg`, jpegOf({})])),
    )
    await expect(index(root, { images: true })).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    isSpent = false
    expect(asked).toHaveLength(3)
    const next = modelThat(() => CHART)
    const again = await openWorkbench({ pictures: next.pictures })
    expect(await again.index(root, { images: true })).toMatchObject({ indexed: 4 })
  })

  it('are priced before, with what their descriptions will cost to embed', async () => {
    const { asked, pictures } = modelThat(() => CHART)
    const { forecast } = await openWorkbench({ pictures, usdPerMillionTokens: 1 })
    const root = await tempFolder({ 'a.jpg': jpegOf({}), 'b.jpg': jpegOf({}), 'c.md': '# Words' })
    const without = await forecast(root)
    expect(without).toMatchObject({ files: 1, pictures: 0 })
    const { pictures: described, files, priceUsd = 0, texts } = await forecast(root, { images: true })
    expect({ described, files, texts }).toEqual({ described: 2, files: 3, texts: 5 })
    // Two pictures of some 1,700 tokens at the model's price, two descriptions of some 400 to embed, each in two passages.
    expect(priceUsd).toBeGreaterThan(0.0035)
    expect(priceUsd).toBeLessThan(0.006)
    expect(asked).toEqual([])
  })

  it('ask first when there are more than the day allows', async () => {
    const { pictures } = modelThat(() => CHART)
    const { forecast } = await openWorkbench({ pictures })
    const names = Array.from({ length: 6 }, (_, i) => `${i}.jpg`)
    const root = await tempFolder(Object.fromEntries(names.map((name) => [name, jpegOf({})])))
    expect(await forecast(root, { images: true })).toMatchObject({ pictures: 6, days: 2, needsConsent: true })
  })
})

describe('pictures, with nobody who looks at them', () => {
  it('are skipped, and the report says what they need', async () => {
    const { index } = await openWorkbench()
    const report = await index(await tempFolder({ 'a.jpg': jpegOf({}) }), { images: true })
    expect(report).toMatchObject({ indexed: 0, skippedFiles: [{ uri: 'a.jpg', reason: 'NO_TEXT' }] })
    expect(report.notes).toContainEqual(expect.stringContaining('GOOGLE_API_KEY'))
  })
})
