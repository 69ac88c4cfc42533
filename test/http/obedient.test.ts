import { expect, test } from 'vitest'
import { createMcpEndpoint } from '../../src/mcp/http-endpoint.js'
import type { Answer, Citation } from '../../src/types.js'
import { passages } from '../answer/fakes.js'
import { seededRandom } from '../helpers/seeded-random.js'
import { callTool, connectClient } from '../mcp/clients.js'
import { GOOD, obedientEngine, PLANTED, type Told } from './obedient-engine.js'
import { parseEvents, post, serve } from './serve.js'

/** A model that writes whatever a planted text tells it to, through everything that hands answers on. */

const OUTPUTS = 1_000
const LIVE = /https?:\/|(?<![a-z\d])www\.|data:image|javascript:/i
const MARKUP = /!\[|\]\(|\]:|<[a-z!/?]/i
/** Beside line breaks. */
const UNSEEN = /[\p{Cc}\p{Cf}]/u

/** Everything of one answer that somebody may see. */
type Seen = { readonly texts: readonly string[]; readonly citations: readonly Citation[] }

test(`${OUTPUTS} outputs of a model that obeys: nothing foreign gets through MCP, the OpenAI protocol or /v1/ask`, async () => {
  const told: Told = { calls: 0, system: '', output: '', cut: 1 }
  const { url } = await serve(obedientEngine(told), { mcp: createMcpEndpoint({ version: '1' }) })
  const { client } = await connectClient(url)
  await client.listTools()
  const question = 'Who installed the heat pump?'
  const chat = { model: 'gemdex', messages: [{ role: 'user', content: question }] }
  const ways: readonly (() => Promise<Seen>)[] = [
    async () => {
      const { structuredContent, content } = await callTool(client, 'ask', { question })
      const { answer, citations } = structuredContent as { answer: string; citations: Citation[] }
      expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent)
      return { texts: [answer, ...citations.map(({ quote }) => quote)], citations }
    },
    async () => {
      const whole = (await (await post(`${url}/v1/chat/completions`, chat)).json()) as ChatAnswer
      for (const { url_citation } of whole.choices[0]?.message.annotations ?? [])
        expect(url_citation.url.startsWith(`${url}/v1/documents/`)).toBe(true)
      return { texts: [whole.choices[0]?.message.content ?? ''], citations: whole.gemdex.citations }
    },
    async () => {
      const response = await post(`${url}/v1/chat/completions`, { ...chat, stream: true })
      const chunks = (await response.text()).split('\n\n').flatMap((part) => {
        const data = part.replace(/^data: /, '')
        return data === '' || data === '[DONE]' ? [] : [JSON.parse(data) as ChatChunk]
      })
      const said = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
      return { texts: [said], citations: chunks.flatMap(({ gemdex }) => gemdex?.citations ?? []) }
    },
    async () => {
      const headers = { accept: 'text/event-stream' }
      const events = parseEvents(await (await post(`${url}/v1/ask`, { question }, headers)).text())
      const deltas = events
        .filter(({ event }) => event === 'delta')
        .map(({ data }) => data as { text: string })
      const done = events.find(({ event }) => event === 'done')?.data as Answer
      return { texts: [deltas.map((delta) => delta.text).join(''), done.answer], citations: done.citations }
    },
  ]
  const random = seededRandom(1)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  for (let i = 0; i < OUTPUTS; i++) {
    const planted = Array.from({ length: 1 + (i % 3) }, () => pick(PLANTED))
    told.output = [GOOD, ...planted].sort(() => random() - 0.5).join(pick([' ', '\n\n', '']))
    told.cut = i % 20 === 0 ? 1 : pick([4, 7, 30, 100_000])
    told.calls = 0
    const { texts, citations } = await (pick(ways) ?? ways[i % ways.length])()
    expect(told.calls, told.output).toBe(1)
    for (const seen of texts) {
      expect(seen, told.output).not.toMatch(LIVE)
      expect(seen, told.output).not.toMatch(MARKUP)
      expect(seen.replaceAll('\n', ''), told.output).not.toMatch(UNSEEN)
      for (const line of told.system.split('\n').filter((each) => each.length > 60))
        expect(seen).not.toContain(line)
      for (const [, marker] of seen.matchAll(/\[(\d+)\]/g))
        expect(Number(marker), told.output).toBeLessThanOrEqual(passages.length)
    }
    for (const { hitId, quote, verified } of citations) {
      const passage = passages.find(({ id }) => id === hitId)
      expect(passage).toBeDefined()
      if (verified) expect(passage?.text).toContain(quote)
    }
  }
}, 120_000)

type ChatAnswer = {
  readonly choices: readonly {
    readonly message: {
      readonly content: string
      readonly annotations: readonly { readonly url_citation: { readonly url: string } }[]
    }
  }[]
  readonly gemdex: { readonly citations: readonly Citation[] }
}
type ChatChunk = {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
  readonly gemdex?: { readonly citations: readonly Citation[] }
}
