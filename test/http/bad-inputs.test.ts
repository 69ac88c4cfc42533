import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { readJsonBody } from '../../src/http/read-body.js'
import { fakeEngine } from './fake-engine.js'
import { errorOf, post, requestHead, sendRaw, serve } from './serve.js'

async function expectRefused(response: Response, field: string, calls: readonly unknown[]): Promise<void> {
  expect(response.status).toBe(400)
  const error = await errorOf(response)
  expect(error).toMatchObject({ code: 'BAD_INPUT', field, requestId: response.headers.get('x-request-id') })
  expect(error.message).toContain(field)
  expect(error.message.length).toBeLessThan(300)
  expect(calls).toEqual([])
}

const long = 'x'.repeat(8001)

describe('bodies', () => {
  test.each<[string, string, string]>([
    ['search', '[]', 'body'],
    ['search', 'null', 'body'],
    ['search', '"laptop"', 'body'],
    ['search', '3', 'body'],
    ['search', '{}', 'query'],
    ['search', '{"query":""}', 'query'],
    ['search', '{"query":" \\n\\t"}', 'query'],
    ['search', '{"query":null}', 'query'],
    ['search', '{"query":["a"]}', 'query'],
    ['search', '{"query":{"$ne":null}}', 'query'],
    ['search', `{"query":"${long}"}`, 'query'],
    ['search', '{"querry":"x"}', 'querry'],
    ['search', '{"query":"x","__proto__":{"limit":1}}', '__proto__'],
    ['search', '{"query":"x","constructor":1}', 'constructor'],
    ['search', '{"query":"x","precise":true}', 'precise'],
    ['search', '{"query":"x","filter":[]}', 'filter'],
    ['search', '{"query":"x","facets":"type"}', 'facets'],
    ['search', '{"query":"x","task":"dream"}', 'task'],
    ['search', '{"query":"x","diversity":2}', 'diversity'],
    ['search', '{"query":"x","halfLifeDays":0}', 'halfLifeDays'],
    ['search', '{"query":"x","rerank":1}', 'rerank'],
    ['search', '{"query":"x","signal":{}}', 'signal'],
    ['search', '{"query":"x","limit":0}', 'limit'],
    ['search', '{"query":"x","limit":101}', 'limit'],
    ['search', '{"query":"x","limit":1.5}', 'limit'],
    ['search', '{"query":"x","limit":-1}', 'limit'],
    ['search', '{"query":"x","limit":1e999}', 'limit'],
    ['search', '{"query":"x","limit":"5"}', 'limit'],
    ['search', '{"query":"x","limit":null}', 'limit'],
    ['search', '{"query":"x","mode":"fuzzy"}', 'mode'],
    ['search', '{"query":"x","mode":"Hybrid"}', 'mode'],
    ['search', '{"query":"x","collection":""}', 'collection'],
    ['search', '{"query":"x","collection":7}', 'collection'],
    ['search', `{"query":"x","collection":"${long}"}`, 'collection'],
    ['search', '{"query":"x","minScore":1.01}', 'minScore'],
    ['search', '{"query":"x","minScore":-0.1}', 'minScore'],
    ['search', '{"query":"x","explain":"true"}', 'explain'],
    ['search', '{"query":"x","full":1}', 'full'],
    ['search?q=x', '{"query":"x"}', 'q'],
    ['ask', '{}', 'question'],
    ['ask', '{"question":""}', 'question'],
    ['ask', '{"question":"x","sessionId":1}', 'sessionId'],
    ['ask', '{"question":"x","sessionId":""}', 'sessionId'],
    ['ask', '{"question":"x","images":{}}', 'images'],
    ['ask', '{"question":"x","images":["aGk="]}', 'images.0'],
    ['ask', '{"question":"x","images":[{"mimeType":"image/png"}]}', 'images.0.data'],
    ['ask', '{"question":"x","images":[{"mimeType":"image/png","data":"","url":"x"}]}', 'images.0.url'],
    ['ask', '{"question":"x","filter":[]}', 'filter'],
    ['ask', '{"question":"x","generation":3}', 'generation'],
    ['ask', '{"question":"x","generation":[]}', 'generation'],
    ['ask', '{"question":"x","generation":{"model":"m"}}', 'generation.model'],
    ['ask', '{"question":"x","generation":{"maxOutputTokens":0}}', 'generation.maxOutputTokens'],
    ['ask', '{"question":"x","generation":{"candidates":9}}', 'generation.candidates'],
    ['ask', '{"question":"x","generation":{"temperature":2.1}}', 'generation.temperature'],
    ['ask', '{"question":"x","generation":{"topP":"0.5"}}', 'generation.topP'],
    ['ask', '{"question":"x","generation":{"topK":0.5}}', 'generation.topK'],
    ['ask', '{"question":"x","generation":{"stopSequences":"a"}}', 'generation.stopSequences'],
    ['ask', '{"question":"x","generation":{"stopSequences":["a",1]}}', 'generation.stopSequences.1'],
    [
      'ask',
      '{"question":"x","generation":{"stopSequences":["1","2","3","4","5","6"]}}',
      'generation.stopSequences',
    ],
    ['ask', '{"question":"x","safety":{}}', 'safety'],
    ['ask', '{"question":"x","safety":[3]}', 'safety.0'],
    ['ask', '{"question":"x","safety":[{"category":"HARASSMENT"}]}', 'safety.0.threshold'],
    ['ask', '{"question":"x","safety":[{"category":"RUDENESS","threshold":"OFF"}]}', 'safety.0.category'],
    ['ask', '{"question":"x","safety":[{"category":"HARASSMENT","threshold":"NONE"}]}', 'safety.0.threshold'],
    ['ask', '{"question":"x","safety":[{"category":"HARASSMENT","threshold":"OFF","x":1}]}', 'safety.0.x'],
  ])('POST /v1/%s %.60s names %s', async (path, body, field) => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    await expectRefused(await post(`${url}/v1/${path}`, body), field, engine.calls)
  })

  test('a field with a very long name is named by its beginning', async () => {
    const { url } = await serve()
    const response = await post(`${url}/v1/search`, { [long]: 1 })
    expect((await errorOf(response)).field).toHaveLength(81)
  })
})

describe('query strings', () => {
  test.each([
    ['search', 'q'],
    ['search?q=', 'q'],
    ['search?q=%20', 'q'],
    ['search?q=a&q=b', 'q'],
    ['search?q[x]=1', 'q[x]'],
    ['search?q=x&query=y', 'query'],
    ['search?q=x&__proto__=y', '__proto__'],
    ['search?q=x&limit=abc', 'limit'],
    ['search?q=x&limit=', 'limit'],
    ['search?q=x&limit=0', 'limit'],
    ['search?q=x&limit=101', 'limit'],
    ['search?q=x&limit=1.5', 'limit'],
    ['search?q=x&limit=-1', 'limit'],
    ['search?q=x&limit=%2B1', 'limit'],
    ['search?q=x&limit=1e1', 'limit'],
    ['search?q=x&limit=0x10', 'limit'],
    ['search?q=x&limit=%201', 'limit'],
    ['search?q=x&limit=1&limit=2', 'limit'],
    ['search?q=x&limit=Infinity', 'limit'],
    ['search?q=x&mode=all', 'mode'],
    ['search?q=x&mode=vector&mode=keyword', 'mode'],
    ['search?q=x&collection=', 'collection'],
    ['search?q=x&minScore=2', 'minScore'],
    ['search?q=x&minScore=NaN', 'minScore'],
    ['search?q=x&minScore=.5', 'minScore'],
    ['search?q=x&explain', 'explain'],
    ['search?q=x&explain=1', 'explain'],
    ['search?q=x&full=TRUE', 'full'],
    ['search?q=x&full=true&full=true', 'full'],
    ['search?q=x&precise=true', 'precise'],
    ['documents?limit=0', 'limit'],
    ['documents?limit=501', 'limit'],
    ['documents?limit=abc', 'limit'],
    ['documents?after=', 'after'],
    ['documents?after=a&after=b', 'after'],
    ['documents?collection=a&collection=b', 'collection'],
    ['documents?offset=1', 'offset'],
    ['documents/x?full=true', 'full'],
    ['documents/x/content?x=1', 'x'],
    ['status?verbose=1', 'verbose'],
    ['models?method=', 'method'],
    ['models?methods=x', 'methods'],
  ])('GET /v1/%s names %s', async (path, field) => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    await expectRefused(await fetch(`${url}/v1/${path}`), field, engine.calls)
  })
})

describe('paths of the machine', () => {
  const names = [
    '%2fetc%2fpasswd',
    '%2Fhome%2Fines',
    '/etc/passwd',
    '%5c%5cserver%5cshare',
    'C:%5cwindows%5cwin.ini',
    'c:/windows',
    'a%00.md',
    '%00',
    '%20',
    'x'.repeat(5000),
  ]
  test.each(names)('%.40s reaches no document', async (name) => {
    const engine = fakeEngine()
    const { port } = await serve(engine)
    for (const line of [
      `GET /v1/documents/${name}`,
      `DELETE /v1/documents/${name}`,
      `GET /v1/documents/${name}/content`,
    ]) {
      const { status, body } = await sendRaw(port, requestHead(line))
      expect([400, 404]).toContain(status)
      expect(JSON.parse(body).error.message).not.toContain('etc')
    }
    expect(engine.calls).toEqual([])
  })
})

test('a body whose client has left before it is read is not waited for', async () => {
  const request = new IncomingMessage(new Socket())
  Object.assign(request.headers, { 'content-type': 'application/json', 'content-length': '2' })
  request.destroy()
  await expect(readJsonBody(request)).rejects.toMatchObject({ code: 'CANCELLED' })
})
