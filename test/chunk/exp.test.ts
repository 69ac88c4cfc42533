import { test } from 'vitest'
import { chunkDocument } from '../../src/chunk/chunk-document.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import { analyze } from '../../src/text/analyze.js'
import { splitSentences } from '../../src/text/split-sentences.js'
import { markdownExtractor } from '../../src/extract/markdown.js'
import { splitPassage } from '../../src/text/split-passage.js'
const md = async (s: string) => (await markdownExtractor.extract(new TextEncoder().encode(s), { name: 'a.md', limits: { maxChars: 1e8 } })) as any
const time = (name: string, f: () => any) => { const t = performance.now(); const r = f(); console.log(name, (performance.now() - t).toFixed(0), 'ms', r) }
test('exp', async () => {
  for (const n of [5000, 10000, 20000]) {
    const d = await md(Array.from({ length: n }, (_, i) => `Paragraph ${i} has some words in it for us.`).join('\n\n'))
    time(`paragraphs ${n}`, () => chunkDocument(d).length)
    const c = await md('```\n' + Array.from({ length: n }, (_, i) => `line ${i} has some words in it for us`).join('\n') + '\n```')
    time(`code ${n}`, () => chunkDocument(c).length)
    const h = await md(Array.from({ length: n }, (_, i) => `- line ${i} has some words in it for us`).join('\n') )
    time(`list ${n}`, () => chunkDocument(h).length)
  }
  const big = 'x'.repeat(1_000_000)
  time('1MB', () => chunkDocument({ text: big, blocks: [{ kind: 'text', start: 0, end: big.length, location: { kind: 'lines', start: 1, end: 1 } }], metadata: {}, type: 'text/plain' }).length)
  const hd = await md('# ' + 'word '.repeat(20000) + '\n\n' + 'hello you. '.repeat(1000))
  time('big heading', () => { const c = chunkDocument(hd); return [c.length, c.reduce((s, x) => s + x.headings.join('').length, 0)] })
  for (const n of [5000, 10000, 20000, 40000]) time(`analyze cjk ${n}`, () => analyze('漢字仮名交'.repeat(n / 5)).length)
  for (const n of [5000, 10000, 20000]) time(`splitPassage blanks ${n}`, () => splitPassage(' '.repeat(n) + 'x').length)
  time('A. ', () => splitSentences('A. '.repeat(100000)).length)
  const gap = await md('One is here.\n\n<!-- ' + 'secret '.repeat(5000) + '-->\n\nTwo is there.')
  console.log(chunkDocument(gap).map((c) => [c.tokens, c.text.length]))
  const store = openSqliteStore(':memory:', { create: true })
  await store.adopt({ embedder: { provider: 'local', modelId: 'x', dimensions: 2, roles: 'r' }, chunker: 'c' })
  await store.openCollection('c', null)
  const doc = { id: 'd', collection: 'c', uri: 'u', title: 't', type: 't', metadata: {}, text: 'x', sizeBytes: 1, contentHash: '', modifiedMs: 0 }
  for (let i = 0; i < 6; i++) await store.replaceDocument(doc, [{ ordinal: 0, text: 'walrus', start: 0, end: 6, headings: [], location: { kind: 'lines', start: 1, end: 1 }, tokens: 1, titleTerms: 't', textTerms: 'walru', embeddingKey: null }])
  console.log(await store.termStatistics(['walru']))
  for (const w of ['½', '3½', 'ﷺ', 'Straße', 'STRASSE', 'İstanbul', '⒈', 'ΟΔΟΣ', 'οδός', 'ｗａｌｒｕｓ','นโยบายการเดินทาง','日本語の文章です']) console.log(w, analyze(w).map((t) => t.term))
  console.log(splitSentences('The end.          Next one starts. See Fig. 3 here. Dr. No came.').map((s) => JSON.stringify('The end.          Next one starts. See Fig. 3 here. Dr. No came.'.slice(s.start, s.end))))
})
