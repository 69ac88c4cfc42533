import { expect, test } from 'vitest'
import { fakeEngine } from './fake-engine.js'
import { sendRaw, serve } from './serve.js'

const REQUESTS = 300
const SEED = 20_260_411

/** Mulberry32: the same numbers from the same seed on every machine. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const valid = [
  ['POST', '/v1/search', '{"query":"laptop","limit":5,"mode":"hybrid","minScore":0.5,"explain":true}'],
  ['GET', '/v1/search?q=laptop&limit=5&full=true', ''],
  [
    'POST',
    '/v1/ask',
    '{"question":"When?","generation":{"topK":3},"safety":[{"category":"HARASSMENT","threshold":"OFF"}]}',
  ],
  ['GET', '/v1/documents?limit=3&after=00ff', ''],
  ['GET', '/v1/documents/0123456789abcdef', ''],
  ['GET', '/v1/documents/a%2Fb.md/content', ''],
  ['DELETE', '/v1/documents/0123456789abcdef', ''],
  ['GET', '/v1/models?method=embedContent', ''],
  ['GET', '/v1/status', ''],
  ['GET', '/readyz', ''],
] as const

const methods = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'get',
  'FOO',
  'PROPFIND',
  '',
]
const pieces = [
  '%00',
  '%zz',
  '%2e%2e%2f',
  '..\\',
  '\0',
  '\r\n',
  '\u2028',
  'é',
  '💥',
  '[]',
  '{}',
  '"',
  "'",
  '<script>',
  '&q=',
  '?',
  '#',
  '//',
  ';',
  'null',
  '-1',
  '1e999',
  '\x7f',
  '__proto__',
  '%',
  ' ',
  'x'.repeat(300),
]
const values = [
  '',
  'null',
  '*',
  '-1',
  '0',
  '99999999999999999999',
  'gzip',
  'chunked',
  'identity',
  'text/event-stream',
  'application/json',
  'text/plain',
  'é',
  'a, b',
  ';',
  'http://evil.example',
  'multipart/form-data; boundary=x',
  'bytes=0-1',
]
const names = [
  'Accept',
  'Content-Type',
  'Content-Encoding',
  'Origin',
  'X-Request-Id',
  'Expect',
  'Range',
  'Cookie',
  'If-None-Match',
  'Content-Length',
  'Transfer-Encoding',
  'Host',
  'X-Forwarded-Host',
  'Upgrade',
  'Connection',
  'Authorization',
]

function mutate(random: (below: number) => number): { readonly label: string; readonly bytes: Buffer } {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  let [method, target, body]: [string, string, string] = [...pick(valid)]
  const splice = (text: string) => {
    const at = random(text.length + 1)
    return text.slice(0, at) + pick(pieces) + text.slice(at + random(3))
  }
  const headers = ['Host: localhost', 'Connection: close', 'Content-Type: application/json']
  let declared: number | undefined
  for (let times = 1 + random(3); times > 0; times--) {
    const kind = random(7)
    if (kind === 0) method = pick(methods)
    else if (kind === 1) target = splice(target)
    else if (kind === 2) body = splice(body)
    else if (kind === 3) headers.splice(random(headers.length + 1), 0, `${pick(names)}: ${pick(values)}`)
    else if (kind === 4) body = body.slice(0, random(body.length + 1))
    else if (kind === 5) declared = random(300)
    else headers.splice(random(headers.length), 1)
  }
  const size = declared ?? Buffer.byteLength(body)
  if (size > 0 || random(2) === 0) headers.push(`Content-Length: ${size}`)
  const text = `${method} ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`
  return { label: JSON.stringify(text), bytes: Buffer.from(text) }
}

test(`${REQUESTS} mutated requests: JSON errors, nothing breaks, nothing shows`, async () => {
  const { port, url, lines } = await serve(fakeEngine())
  const random = createRandom(SEED)
  const seen = new Map<number, number>()
  for (let i = 0; i < REQUESTS; i++) {
    const { label, bytes } = mutate(random)
    // What Node answers nothing to is a request cut short by the end of its connection.
    const { status, head, body } = await sendRaw(port, bytes, { end: true })
    seen.set(status, (seen.get(status) ?? 0) + 1)
    expect(status, label).toBeLessThan(500)
    expect(body, label).not.toMatch(/\bat .+:\d+:\d+|node_modules|\/work\/|\/home\//)
    if (status < 400 || /^"HEAD /.test(label)) continue
    expect(head, label).toMatch(/content-type: application\/json/i)
    const { error } = JSON.parse(body)
    expect(error, label).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    expect(head.toLowerCase(), label).toContain(`x-request-id: ${error.requestId}`.toLowerCase())
  }
  expect((await fetch(`${url}/v1/search?q=x`)).status).toBe(200)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  // The mutations reach the routes and most kinds of refusal.
  for (const status of [200, 400, 403, 404, 405, 415])
    expect(seen.get(status), `${status}`).toBeGreaterThan(0)
})
