import { describe, expect, it } from 'vitest'
import type { Job, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import type { Answer, Turn, WholeDocument } from '../../src/types.js'
import { FOREIGN_HOST, plantedTexts } from '../helpers/planted-texts.js'
import {
  answer,
  document as anyDocument,
  fakeEngine,
  hit,
  job,
  session,
  summary,
} from '../http/fake-engine.js'
import { obedientEngine, PLANTED, type Told } from '../http/obedient-engine.js'
import { foreignParts } from './foreign-parts.js'
import { useBrowser, type WatchedPage } from './open-browser.js'
import { useEngine } from './serve-engine.js'

/** What would run, load, lead away or break out if any of it were taken for markup, an address or an attribute. */
const ATTACKS: readonly string[] = [
  '<script>window.__ran = 1</script>',
  `<script src="https://${FOREIGN_HOST}/x.js"></script>`,
  '<img src=x onerror="window.__ran = 1">',
  `<img src="https://${FOREIGN_HOST}/p.png">`,
  '<svg onload="window.__ran = 1"></svg>',
  '<svg><script>window.__ran = 1</script></svg>',
  '<svg><animate onbegin="window.__ran = 1" attributeName="x" dur="1s"></svg>',
  '<math><mtext></mtext><mglyph><style><img src onerror="window.__ran = 1">',
  '<iframe srcdoc="<script>parent.__ran = 1</script>"></iframe>',
  `<iframe src="https://${FOREIGN_HOST}/"></iframe>`,
  '<iframe src="javascript:parent.__ran = 1"></iframe>',
  '<object data="javascript:window.__ran = 1"></object>',
  `<embed src="https://${FOREIGN_HOST}/x.swf">`,
  `<link rel="stylesheet" href="https://${FOREIGN_HOST}/x.css">`,
  `<style>@import "https://${FOREIGN_HOST}/x.css"; * { background: url(https://${FOREIGN_HOST}/b) }</style>`,
  `<meta http-equiv="refresh" content="0;url=https://${FOREIGN_HOST}/">`,
  `<base href="https://${FOREIGN_HOST}/">`,
  `<form action="https://${FOREIGN_HOST}/"><button autofocus>go</button></form>`,
  `<video poster="https://${FOREIGN_HOST}/v"><source onerror="window.__ran = 1"></video>`,
  '<details open ontoggle="window.__ran = 1"><summary>x</summary></details>',
  '<input autofocus onfocus="window.__ran = 1">',
  '<body onload="window.__ran = 1">',
  '<a href="javascript:window.__ran = 1">click</a>',
  `<a href="https://${FOREIGN_HOST}/" target="_blank">click</a>`,
  '"><img src=x onerror="window.__ran = 1">',
  `' onmouseover='window.__ran = 1' x='`,
  '" autofocus onfocus="window.__ran = 1" x="',
  '</title><script>window.__ran = 1</script>',
  '</textarea><script>window.__ran = 1</script>',
  '</script><script>window.__ran = 1</script>',
  '--><script>window.__ran = 1</script>',
  '<template><script>window.__ran = 1</script></template>',
  '{{constructor.constructor("window.__ran = 1")()}}',
  `\${window.__ran = 1}`,
  'javascript:window.__ran = 1',
  'data:text/html,<script>parent.__ran = 1</script>',
  `![x](https://${FOREIGN_HOST}/p.png)`,
  `[x](https://${FOREIGN_HOST}/) [y](javascript:window.__ran=1)`,
  `![x][p]\n\n[p]: https://${FOREIGN_HOST}/p.png`,
  `<https://${FOREIGN_HOST}/> https://${FOREIGN_HOST}/bare www.${FOREIGN_HOST}`,
  '`<img src=x onerror=window.__ran=1>`',
  '```html\n<script>window.__ran = 1</script>\n```',
  '| <img src=x onerror=window.__ran=1> | [1] |\n|---|---|\n| <b>x</b> | [999] |',
  '&lt;script&gt;window.__ran = 1&lt;/script&gt; &#60;img src=x&#62;',
  '\u202e<script>window.__ran = 1</script>\u202c',
  '<scr\u0000ipt>window.__ran = 1</scr\u0000ipt>',
  '__proto__',
  'constructor',
  '#/document/../../x?passage=<script>',
  `//${FOREIGN_HOST}/x`,
]
const WRAPS: readonly ((attack: string) => string)[] = [
  (attack) => attack,
  (attack) => `# ${attack}`,
  (attack) => `- **${attack}** [1]`,
  (attack) => `مرحبا "${attack}" שלום`,
]
const PAYLOADS = ATTACKS.flatMap((attack) => WRAPS.map((wrap) => wrap(attack)))

const turnOf = (text: string, ordinal: number): Turn => ({
  ordinal,
  createdMs: 0,
  question: text,
  standaloneQuestion: `about ${text}`,
  status: 'answered',
  answer: `${text}\n\n[1]`,
  citations: answer.citations.map((citation) => ({
    ...citation,
    title: text,
    uri: text,
    quote: text,
    verified: ordinal % 2 === 0,
  })),
  unsupported: [{ start: 0, end: text.length }],
  sources: [],
  model: text,
  reason: text,
})

/** As many as one request may have. */
const LABELS = PAYLOADS.filter((_, i) => i % 4 === 0)
const LABELS_ADDRESS = new URLSearchParams(
  LABELS.flatMap((text) => [
    ['label', text],
    ['about', text],
    ['examples', text],
  ]),
)

/** An engine whose documents, answers, conversations and errors hold nothing but payloads. */
function hostileEngine(): SearchEngine {
  const hits = PAYLOADS.map((text, i) => ({
    ...hit,
    id: `0123456789abcdef-${i}`,
    title: text,
    uri: text,
    collection: text,
    snippet: text,
    highlights: [[0, Math.min(3, text.length)] as const],
    location: { ...hit.location, heading: text },
    metadata: { author: text },
  }))
  const documents = PAYLOADS.map((text) => ({
    ...summary,
    title: text,
    uri: text,
    collection: text,
    type: text,
  }))
  let offset = 0
  const parts = PAYLOADS.map((text, i) => {
    const start = offset
    offset += text.length + 1
    const kind = (['heading', 'text', 'list', 'table', 'code'] as const)[i % 5] ?? 'text'
    const location = { kind: 'sheet', name: text, rows: [i, i] } as const
    return {
      block: { kind, start, end: start + text.length, location, level: 2, heading: text },
      passage: { id: `${summary.id}-${i}`, start, end: start + text.length, headings: [], location },
    }
  })
  const whole: WholeDocument = {
    ...anyDocument,
    title: PAYLOADS[0] ?? '',
    type: 'text/markdown',
    metadata: { author: PAYLOADS[2] ?? '' },
    text: PAYLOADS.join('\n'),
    blocks: parts.map(({ block }) => block),
    passages: parts.map(({ passage }) => passage),
  }
  const hostileJob: Job = {
    ...job,
    state: 'failed',
    request: { path: '/x', collection: PAYLOADS[2] ?? '' },
    error: { code: 'BAD_INPUT', message: PAYLOADS[24] ?? '', hint: PAYLOADS[2] ?? '' },
  }
  /** One payload after the other. */
  let failures = 0
  return fakeEngine({
    async search({ query }) {
      if (query === 'failing') {
        const text = PAYLOADS[failures++ % PAYLOADS.length] ?? ''
        throw new GemdexError('BAD_INPUT', text, { hint: text })
      }
      const facets = {
        collection: PAYLOADS.map((value) => ({ value, count: 1 })),
        type: PAYLOADS.map((value) => ({ value, count: 1 })),
        time: [],
        'metadata.<img src=x>': PAYLOADS.map((value) => ({ value, count: 1 })),
      }
      const corrections = PAYLOADS.map((text) => ({ from: text, to: text }))
      return {
        query,
        mode: 'keyword',
        tookMs: 1,
        hits,
        facets,
        corrections,
        degraded: PAYLOADS[2] ?? '',
        notes: PAYLOADS,
      }
    },
    suggest: async () => PAYLOADS.map((text) => ({ text, kind: 'title' as const })),
    similar: async () => ({ documentId: summary.id, title: '', hits }),
    getDocument: async () => whole,
    listDocuments: async () => ({ items: documents, total: documents.length }),
    classify: async ({ labels, save, dryRun }) => ({
      by: 'terms',
      calibrated: true,
      items: PAYLOADS.slice(0, dryRun ? 0 : PAYLOADS.length).map((text, i) => ({
        label: i % 10 === 0 ? null : (labels[i % labels.length]?.name ?? null),
        probability: 0.5,
        probabilities: Object.fromEntries(
          [0, 1, 2].map((next) => [labels[(i + next) % labels.length]?.name ?? '', 0.5]),
        ),
        documentId: text,
        title: text,
        uri: text,
        collection: text,
      })),
      evaluation: {
        examples: labels.length,
        accuracy: 1,
        coverage: 1,
        accuracyOfLabelled: 1,
        logLoss: 0,
        labels: labels.map(({ name }) => ({ name, precision: 1, recall: 1, f1: 1 })),
      },
      sent: { texts: 0, tokens: 0, priceUsd: 0 },
      ...(save === undefined ? {} : { saved: 1 }),
    }),
    similarity: async () => ({ similarity: 0.5, relevance: 0.5, by: 'vectors', model: PAYLOADS.join('\n') }),
    status: async () => ({
      ...(await fakeEngine().status()),
      collections: PAYLOADS.map((name) => ({ name, root: null, documents: 1, chunks: 1, embedded: 1 })),
    }),
    map: async () => ({
      state: 'ready',
      projection: 'pca',
      total: documents.length,
      points: documents.map(({ title, uri, collection, type }, i) => ({
        documentId: `${i}`,
        title,
        uri,
        collection,
        type,
        x: (i % 20) / 10 - 1,
        y: Math.floor(i / 20) / 10 - 0.5,
      })),
    }),
    jobs: { ...fakeEngine().jobs, list: async () => [hostileJob], get: async () => hostileJob },
    sessions: {
      ...fakeEngine().sessions,
      list: async () => ({
        items: PAYLOADS.map((title, i) => ({ ...session, id: `s${i}`, title, turns: 1 })),
        total: PAYLOADS.length,
      }),
      get: async () => ({ ...session, turns: PAYLOADS.map((text, i) => turnOf(text, i + 1)) }),
    },
    async *ask() {
      for (const text of PAYLOADS.slice(0, 40)) yield { type: 'delta', text: `${text}\n\n` }
      const all: Answer = { ...answer, answer: PAYLOADS.join('\n\n'), reason: PAYLOADS[2] ?? '' }
      yield { type: 'done', answer: all }
    },
  })
}

async function expectHarmless(page: WatchedPage): Promise<void> {
  expect(await page.evaluate(foreignParts, FOREIGN_HOST)).toEqual([])
}

const open = useBrowser()
const url = useEngine(hostileEngine())

describe.each([
  ['with its policy', false],
  ['without its policy', true],
])('200 payloads in every place of the page, %s', (_, bypassCSP) => {
  it('there are 200 of them', () => expect(new Set(PAYLOADS).size).toBe(200))

  it('names, titles and snippets of hits, facets, notes, corrections and suggestions', async () => {
    const label = encodeURIComponent(`<img src=x>:${PAYLOADS[2]}`)
    const page = await open(`${url()}/#/search?label=${label}`, { bypassCSP })
    await page.locator('.label-line').waitFor()
    await expectHarmless(page)
    await page.goto(`${url()}/#/search?q=x1&label=${label}`)
    await page
      .locator('.hit')
      .nth(PAYLOADS.length - 1)
      .waitFor()
    await page.locator('.suggestions li').first().waitFor()
    await expectHarmless(page)
    const titles = await page.locator('[data-hit]').evaluateAll((all) => all.map((each) => each.textContent))
    expect(titles).toEqual(PAYLOADS)
    const uris = await page
      .locator('.hit-place .path')
      .evaluateAll((all) => all.map((each) => each.textContent))
    expect(uris).toEqual(PAYLOADS)
  })

  it('a document: its text, headings, outline, parts and likes', async () => {
    const page = await open(`${url()}/#/document/${summary.id}?passage=${summary.id}-4&quote=window`, {
      bypassCSP,
    })
    await page
      .locator('.similar li')
      .nth(PAYLOADS.length - 1)
      .waitFor()
    await expectHarmless(page)
  })

  it('answers, quotes, citations and titles of conversations', async () => {
    const page = await open(`${url()}/#/ask/s1`, { bypassCSP })
    await page
      .locator('.exchange')
      .nth(PAYLOADS.length - 1)
      .waitFor()
    await page
      .locator('.sessions li')
      .nth(PAYLOADS.length - 1)
      .waitFor()
    await expectHarmless(page)
    const shown = await page
      .locator('.session-title')
      .evaluateAll((all) => all.map((each) => each.textContent))
    expect(shown).toEqual(PAYLOADS)
    const questions = await page
      .locator('.question')
      .evaluateAll((all) => all.map((each) => each.textContent))
    expect(questions).toEqual(PAYLOADS)
    await page.locator('textarea').fill('Go on')
    await page.locator('textarea').press('Enter')
    await page.locator('.exchange').nth(PAYLOADS.length).locator('.answer-foot').waitFor()
    await expectHarmless(page)
  })

  it('the list of documents, jobs, and names on the map', async () => {
    const page = await open(`${url()}/#/documents`, { bypassCSP })
    await page
      .locator('.document-list > li')
      .nth(PAYLOADS.length - 1)
      .waitFor()
    await page.locator('.job').first().waitFor()
    await expectHarmless(page)
    await page.goto(`${url()}/#/map`)
    await page.locator('.map-stage').focus()
    for (let i = 0; i < 20; i++) await page.keyboard.press('n')
    await page.locator('.map-label').waitFor()
    await expectHarmless(page)
  })

  it('labels, what they were given to and kept for, and the model of two texts', async () => {
    const page = await open(`${url()}/#/overview/labels?${LABELS_ADDRESS}`, { bypassCSP })
    await page.getByRole('button', { name: 'Give labels' }).click()
    await page.locator('.label-group[data-label="none"] li').first().waitFor()
    await page.locator('.labels-evaluation summary').click()
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.locator('.labels-kept li').first().waitFor()
    await expectHarmless(page)
    const names = await page
      .locator('.label-group h2 bdi')
      .evaluateAll((all) => all.map((each) => each.textContent))
    expect(names).toEqual(LABELS.map((text) => text.trim()))
    await page.getByRole('radio', { name: 'My own texts' }).check()
    await page.getByLabel('Texts, with an empty line between them').fill(PAYLOADS.join('\n\n'))
    await page.getByRole('button', { name: 'Give labels' }).click()
    await page.getByText('All labels').first().click()
    await page.locator('.labelled-texts details li').first().waitFor()
    await expectHarmless(page)
    await page.goto(
      `${url()}/#/overview/compare?first=%3Cimg%20src%3Dx%3E&second=${encodeURIComponent(PAYLOADS[2] ?? '')}`,
    )
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.locator('.similarity-number').waitFor()
    await expectHarmless(page)
  })

  it('errors', async () => {
    const page = await open(`${url()}/#/search?q=failing`, { bypassCSP })
    await page.getByRole('alert').waitFor()
    // By the button: an address for each would take four times as long.
    const shown = await page.evaluate(async (count) => {
      const message = () => document.querySelector('[role="alert"] p')?.textContent
      const texts = [message()]
      while (texts.length < count) {
        document.querySelector<HTMLElement>('[role="alert"] button')?.click()
        for (let waits = 0; message() === texts.at(-1) && waits < 1_000; waits++)
          await new Promise((resolve) => setTimeout(resolve, 5))
        texts.push(message())
      }
      return texts
    }, PAYLOADS.length)
    expect(shown).toEqual(PAYLOADS)
    await expectHarmless(page)
  })
})

describe('a model that does what planted texts ask for', () => {
  const told: Told = { calls: 0, system: '', output: '', cut: 7 }
  const obedientUrl = useEngine(obedientEngine(told))

  it('gets nothing alive into the page, whole or in pieces', async () => {
    const page = await open(`${obedientUrl()}/#/ask`)
    const wanted = plantedTexts
      .filter((_, i) => i % 4 === 0)
      .map((text) => /BEGIN (.*?) END/s.exec(text)?.[1] ?? '')
    const outputs = [...PLANTED, ...wanted].flatMap((text) => [
      [`The heat pump was installed in 2021 by the firm Keller [1].\n\n${text}`, 7] as const,
      [`${text} The heat pump was installed in 2021 by the firm Keller [1].`, 100_000] as const,
    ])
    for (const [i, [output, cut]] of outputs.entries()) {
      Object.assign(told, { output, cut, calls: 0 })
      await page.locator('textarea').fill('Who installed the heat pump?')
      await page.locator('textarea').press('Enter')
      await page.locator('.exchange').nth(i).locator('.answer-foot').waitFor()
      expect(told.calls).toBe(1)
    }
    await expectHarmless(page)
    const text = await page.locator('.exchanges').innerText()
    expect(text).not.toMatch(/https?:\/\/|You answer questions from numbered passages/)
    for (const marker of await page.locator('a.marker').allInnerTexts()) expect(['1', '2']).toContain(marker)
  })
})
