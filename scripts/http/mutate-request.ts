import type { Random } from './random.js'

/** A good request: method, target, content type and body. */
type Valid = readonly [method: string, target: string, type: string, body: string]

const JSON_TYPE = 'application/json'
const ID = '0123456789abcdef'

/** Good requests of every kind there is, those that would go on for ever left out. */
const valid: readonly Valid[] = [
  [
    'POST',
    '/v1/search',
    JSON_TYPE,
    '{"query":"laptop","limit":5,"mode":"hybrid","minScore":0.5,"explain":true}',
  ],
  ['GET', '/v1/search?q=laptop&limit=5&full=true', '', ''],
  [
    'POST',
    '/v1/ask',
    JSON_TYPE,
    '{"question":"When?","generation":{"topK":3},"safety":[{"category":"HARASSMENT","threshold":"OFF"}]}',
  ],
  ['GET', '/v1/documents?limit=3&after=00ff', '', ''],
  [
    'POST',
    '/v1/documents',
    JSON_TYPE,
    '{"uri":"fuzz/a.md","text":"A note.","title":"A","metadata":{"n":[1,{"x":null}]}}',
  ],
  ['PUT', '/v1/documents?uri=fuzz%2Fb.html&metadata=%7B%22n%22%3A1%7D', 'text/html', '<p>Some text</p>'],
  ['GET', `/v1/documents/${ID}`, '', ''],
  ['GET', '/v1/documents/a%2Fb.md/content', '', ''],
  ['DELETE', `/v1/documents/${ID}`, '', ''],
  ['POST', '/v1/index', JSON_TYPE, '{"path":"/nowhere/docs","include":["*.md"],"force":false}'],
  ['GET', '/v1/jobs?limit=5', '', ''],
  ['GET', `/v1/jobs/${ID}`, '', ''],
  ['DELETE', `/v1/jobs/${ID}`, '', ''],
  ['GET', '/v1/collections', '', ''],
  ['GET', '/v1/models?method=embedContent', '', ''],
  ['GET', '/v1/status', '', ''],
  [
    'POST',
    '/v1/embeddings',
    JSON_TYPE,
    '{"model":"gemdex","input":["a","b"],"role":"document","title":["A","B"]}',
  ],
  [
    'POST',
    '/v1/chat/completions',
    JSON_TYPE,
    '{"model":"gemdex","messages":[{"role":"user","content":"When?"}],"stream":true,"max_tokens":10}',
  ],
  [
    'POST',
    '/mcp',
    JSON_TYPE,
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}',
  ],
  ['GET', '/mcp', '', ''],
  ['DELETE', '/mcp', '', ''],
  ['GET', '/readyz', '', ''],
  ['GET', '/metrics', '', ''],
  ['GET', '/openapi.json', '', ''],
  ['GET', '/docs/start.js', '', ''],
]

const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'get',
  'FOO',
  'PROPFIND',
  '',
]
const pieces = [
  ...[
    '%00',
    '%zz',
    '%2e%2e%2f',
    '..\\',
    '../',
    '\0',
    '\r\n',
    '\u2028',
    '\ufeff',
    '\ud800',
    'é',
    '💥',
    '\x7f',
    '\x1b[31m',
  ],
  ...[
    '[]',
    '{}',
    '"',
    "'",
    '`',
    '<script>',
    `\${7*7}`,
    '{{7*7}}',
    "' OR 1=1 --",
    '&q=',
    '?',
    '#',
    '//',
    ';',
    '%',
    ' ',
    '+',
  ],
  ...['null', 'true', '-1', '0', '1e999', '9007199254740993', 'NaN', '__proto__', 'constructor', '$ne', '*'],
  ...[
    '[x]=1',
    '&limit=1&limit=2',
    'x'.repeat(300),
    '['.repeat(100),
    '{"a":'.repeat(80),
    '\\u0000',
    '\\ud800',
  ],
]
const names = [
  ...[
    'Accept',
    'Accept-Encoding',
    'Content-Type',
    'Content-Encoding',
    'Origin',
    'X-Request-Id',
    'Expect',
    'Range',
  ],
  ...[
    'Cookie',
    'If-None-Match',
    'If-Match',
    'Content-Length',
    'Transfer-Encoding',
    'Host',
    'X-Forwarded-Host',
  ],
  ...[
    'X-Forwarded-For',
    'X-HTTP-Method-Override',
    'Upgrade',
    'Connection',
    'Authorization',
    'X-Api-Key',
    'Mcp-Session-Id',
  ],
  ...['Mcp-Protocol-Version', 'Last-Event-Id', 'TE', 'Trailer', 'Keep-Alive', 'x y', 'X-Fuzz'],
]
const values = [
  ...[
    '',
    'null',
    '*',
    '-1',
    '0',
    '99999999999999999999',
    'gzip',
    'br, gzip',
    'chunked',
    'identity',
    'text/event-stream',
  ],
  ...[
    'application/json',
    'application/json; charset=latin1',
    'text/plain',
    'é',
    'a, b',
    ';',
    'http://evil.example',
  ],
  ...[
    'http://localhost',
    'multipart/form-data; boundary=x',
    'bytes=0-1',
    'Bearer x',
    '100-continue',
    'h2c',
    'close',
  ],
  ...['../../etc/passwd', '%0d%0aX-Injected: 1', 'x'.repeat(9_000), '1'.repeat(70)],
]

/** A request as it goes over the wire, in one piece or in several. */
export type Mutant = { readonly label: string; readonly parts: readonly Buffer[] }

/** A good request with one to four things about it made wrong, or strange. */
export function mutateRequest(random: Random): Mutant {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  let [method, target, type, body] = pick(valid)
  const headers = ['Host: localhost', 'Connection: close']
  if (type !== '') headers.push(`Content-Type: ${type}`)
  const splice = (text: string) => {
    const at = random(text.length + 1)
    return text.slice(0, at) + pick(pieces) + text.slice(at + random(3))
  }
  let declared: number | undefined
  let isChunked = false
  for (let times = 1 + random(4); times > 0; times--) {
    switch (random(11)) {
      case 0:
        method = pick(methods)
        break
      case 1:
      case 2:
        target = splice(target)
        break
      case 3:
      case 4:
        body = splice(body)
        break
      case 5:
        headers.splice(random(headers.length + 1), 0, `${pick(names)}: ${pick(values)}`)
        break
      case 6:
        body = body.slice(0, random(body.length + 1))
        break
      case 7:
        declared = random(300)
        break
      case 8:
        headers.splice(random(headers.length), 1)
        break
      case 9:
        isChunked = true
        break
      default:
        body = mutateJson(body, random, pick)
    }
  }
  const size = declared ?? Buffer.byteLength(body)
  if (isChunked) headers.push('Transfer-Encoding: chunked')
  else if (size > 0 || random(2) === 0) headers.push(`Content-Length: ${size}`)
  const text = `${method} ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${isChunked ? chunked(body, random) : body}`
  const bytes = Buffer.from(text)
  const cut = random(4) === 0 ? random(bytes.length + 1) : bytes.length
  return { label: JSON.stringify(text.slice(0, 1_000)), parts: [bytes.subarray(0, cut), bytes.subarray(cut)] }
}

/** Another value in the place of one of a JSON body's own. */
function mutateJson(body: string, random: Random, pick: <T>(list: readonly T[]) => T): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return body
  }
  if (typeof parsed !== 'object' || parsed === null) return body
  const strange = [
    ...[null, true, -1, 0.5, 1e308, '', ' ', 'x', [], {}, [[]], [null], { $ne: 1 }],
    ...['\0', '\ud800', '💥'.repeat(50), 'x'.repeat(9_000), ['a', 1], { a: { b: { c: [1] } } }],
  ]
  const keys = [...Object.keys(parsed), 'unknown', '__proto__', 'filter', 'collection', 'limit']
  const key = pick(keys)
  const entries = Object.entries(parsed).filter(() => random(5) > 0)
  return JSON.stringify(Object.fromEntries([...entries, [key, pick(strange)]]))
}

function chunked(body: string, random: Random): string {
  const at = random(body.length + 1)
  const parts = [body.slice(0, at), body.slice(at)].filter((part) => part !== '')
  const framed = parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
  return `${framed.join('')}${random(5) === 0 ? 'zz' : '0'}\r\n\r\n`
}
