import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, GemdexError } from '../../src/errors.js'
import { fakeEngine } from './fake-engine.js'
import { errorOf, post, requestHead, sendRaw, serve } from './serve.js'

const statuses: Record<ErrorCode, number> = {
  BAD_INPUT: 400,
  BAD_CONFIG: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  NO_INDEX: 404,
  INDEX_MISMATCH: 409,
  COLLECTION_TAKEN: 409,
  INDEX_LOCKED: 409,
  SESSION_BUSY: 409,
  ROOT_MISSING: 409,
  ROOT_EMPTY: 409,
  RATE_LIMITED: 429,
  QUOTA_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  STORE_CORRUPT: 500,
  STORE_TOO_NEW: 500,
  STORE_FAILED: 500,
  KEY_REFUSED: 502,
  MODEL_NOT_FOUND: 502,
  REQUEST_REFUSED: 502,
  BAD_RESPONSE: 502,
  INCOMPLETE: 502,
  OFFLINE: 502,
  KEY_MISSING: 503,
  UNAVAILABLE: 503,
  OVERLOADED: 503,
  STORE_BUSY: 503,
  STORE_READ_ONLY: 503,
  TIMEOUT: 504,
  STORE_FULL: 507,
}

const failing = (error: unknown) => {
  const reject = () => Promise.reject(error)
  return fakeEngine({
    search: reject,
    answer: reject,
    listDocuments: reject,
    getDocument: reject,
    removeDocument: reject,
    status: reject,
    modelsInUse: reject,
    models: reject,
    // biome-ignore lint/correctness/useYield: fails before its first event
    async *ask() {
      throw error
    },
  })
}

describe('errors of the engine', () => {
  test.each(Object.entries(statuses))('%s is %i on every route', async (code, status) => {
    const error = new GemdexError(code as ErrorCode, 'what it says', {
      hint: 'do this',
      ...(code === 'BAD_INPUT' ? { field: 'collection' } : {}),
    })
    const { url } = await serve(failing(error))
    const eventStream = { accept: 'text/event-stream' }
    const responses = await Promise.all([
      post(`${url}/v1/search`, { query: 'x' }),
      fetch(`${url}/v1/search?q=x`),
      post(`${url}/v1/ask`, { question: 'x' }),
      post(`${url}/v1/ask`, { question: 'x' }, eventStream),
      ...['documents', 'documents/x', 'documents/x/content', 'status', 'models'].map((path) =>
        fetch(`${url}/v1/${path}`),
      ),
      fetch(`${url}/v1/documents/x`, { method: 'DELETE' }),
    ])
    for (const response of responses) {
      expect(response.status).toBe(status)
      const shown = await errorOf(response)
      expect(shown.code).toBe(code)
      expect(shown.requestId).toBe(response.headers.get('x-request-id'))
      expect(shown.field).toBe(error.field)
      const masked = /^(?:STORE|ROOT|INTERNAL|NO_INDEX|COLLECTION|INDEX_LOCKED)/.test(code)
      expect(shown.message === 'what it says').toBe(!masked)
    }
  })

  test.each([
    new Error('ENOENT /home/ines/secret.db AIzaSyKey'),
    new TypeError('x is not a function'),
    'a text',
    new GemdexError('STORE_CORRUPT', 'The index /home/ines/secret.db is damaged', { hint: 'at /home/ines' }),
  ])('%s is logged whole and shown as a constant', async (thrown) => {
    const { url, lines } = await serve(failing(thrown))
    const response = await fetch(`${url}/v1/status`)
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).not.toMatch(/home|AIza|not a function|a text|at /)
    expect(Object.keys(JSON.parse(text).error)).toEqual(['code', 'message', 'hint', 'requestId'])
    await expect.poll(() => lines.length).toBe(2)
    expect(lines[0]).toMatchObject({
      level: 'error',
      facts: { err: thrown, requestId: response.headers.get('x-request-id'), route: '/v1/status' },
    })
  })

  test.each([
    [1, '1'],
    [1500, '2'],
    [60_000, '60'],
  ])('a wait of %i ms is Retry-After: %s', async (retryAfterMs, seconds) => {
    const { url } = await serve(failing(new GemdexError('RATE_LIMITED', 'Too many', { retryAfterMs })))
    const response = await fetch(`${url}/v1/search?q=x`)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, seconds])
  })
})

describe('routes and methods', () => {
  test.each([
    '/nowhere',
    '/v1',
    '/v1/',
    '/v1/search/x',
    '/v2/search',
    '//v1/status',
    '/v1/documents/a/b',
    '/%2e%2e',
  ])('%s is unknown', async (path) => {
    const { port } = await serve()
    const { status, body } = await sendRaw(port, requestHead(`GET ${path}`))
    expect(status).toBe(404)
    expect(JSON.parse(body).error).toMatchObject({ code: 'NOT_FOUND', requestId: expect.any(String) })
  })

  test.each([
    ['PUT', '/v1/search', 'POST, GET, HEAD'],
    ['OPTIONS', '/v1/search', 'POST, GET, HEAD'],
    ['GET', '/v1/ask', 'POST'],
    ['PATCH', '/v1/documents', 'GET, HEAD, POST, PUT'],
    ['PUT', '/mcp', 'POST, GET, HEAD, DELETE'],
    ['PATCH', '/v1/documents/x', 'GET, HEAD, DELETE'],
    ['DELETE', '/v1/documents/x/content', 'GET, HEAD'],
    ['POST', '/v1/status', 'GET, HEAD'],
    ['PROPFIND', '/v1/models', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['DELETE', '/readyz', 'GET, HEAD'],
    ['TRACE', '/', 'GET, HEAD'],
  ])('%s %s is answered with what there is', async (method, path, allow) => {
    const { port } = await serve()
    const { status, head, body } = await sendRaw(port, requestHead(`${method} ${path}`))
    expect(status).toBe(405)
    expect(head.toLowerCase()).toContain(`\r\nallow: ${allow.toLowerCase()}\r\n`)
    expect(JSON.parse(body).error).toMatchObject({ code: 'BAD_INPUT', field: 'method' })
  })

  test('HEAD of a route that has no GET', async () => {
    const { url } = await serve()
    expect((await fetch(`${url}/v1/ask`, { method: 'HEAD' })).status).toBe(405)
  })
})

describe('bodies', () => {
  const large = 1_048_577
  const json = 'Content-Type: application/json'
  const search = (headers: readonly string[], body: string | Buffer = '') =>
    Buffer.concat([Buffer.from(requestHead('POST /v1/search', headers)), Buffer.from(body)])
  const utf16 = Buffer.from('{"query":"x"}', 'utf16le')

  test.each<[string, Buffer, number, string]>([
    ['no body', search([json]), 400, 'body'],
    ['a length of 0', search([json, 'Content-Length: 0']), 400, 'body'],
    ['no chunks', search([json, 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400, 'body'],
    ['broken JSON', search([json, 'Content-Length: 9'], '{"query":'), 400, 'body'],
    [
      'invalid UTF-8',
      search([json, 'Content-Length: 13'], Buffer.from('{"query":"\xff"}', 'latin1')),
      400,
      'body',
    ],
    ['UTF-16', search([json, `Content-Length: ${utf16.length}`], utf16), 400, 'body'],
    ['no type', search(['Content-Length: 2'], '{}'), 415, 'content-type'],
    [
      'a form',
      search(['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 7'], 'query=x'),
      415,
      'content-type',
    ],
    ['a text', search(['Content-Type: text/plain', 'Content-Length: 2'], '{}'), 415, 'content-type'],
    ['another charset', search([`${json}; charset=latin1`, 'Content-Length: 2'], '{}'), 415, 'content-type'],
    [
      'compressed',
      search([json, 'Content-Encoding: gzip', 'Content-Length: 2'], '{}'),
      415,
      'content-encoding',
    ],
    ['announced too large', search([json, `Content-Length: ${large}`]), 413, 'body'],
    ['absurdly large', search([json, 'Content-Length: 99999999999999']), 413, 'body'],
    ['sent too large', search([json, `Content-Length: ${large}`], Buffer.alloc(large, 0x20)), 413, 'body'],
    [
      'too large in one chunk',
      search(
        [json, 'Transfer-Encoding: chunked'],
        `${large.toString(16)}\r\n${' '.repeat(large)}\r\n0\r\n\r\n`,
      ),
      413,
      'body',
    ],
    [
      'too large in many',
      search([json, 'Transfer-Encoding: chunked'], `10000\r\n${' '.repeat(65_536)}\r\n`.repeat(40)),
      413,
      'body',
    ],
    [
      'deeply nested',
      search([json, 'Content-Length: 200000'], '['.repeat(100_000) + ']'.repeat(100_000)),
      400,
      'body',
    ],
    [
      'deep in a field',
      search([json, 'Content-Length: 200010'], `{"query":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      400,
      'body',
    ],
    [
      '65 levels deep',
      search([json, 'Content-Length: 138'], `{"query":${'['.repeat(64)}${']'.repeat(64)}}`),
      400,
      'body',
    ],
    [
      '64 levels deep, with brackets in texts',
      search([json, 'Content-Length: 144'], `{"query":["[\\"[[",${'['.repeat(62)}${']'.repeat(62)}]}`),
      400,
      'query',
    ],
  ])('%s', async (_, bytes, status, field) => {
    const { port } = await serve()
    const response = await sendRaw(port, bytes)
    expect(response.status).toBe(status)
    expect(JSON.parse(response.body).error).toMatchObject({
      code: 'BAD_INPUT',
      field,
      requestId: expect.any(String),
    })
  })

  test('an endless body is not read past its limit', async () => {
    const { url } = await serve()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const headers = { 'content-type': 'application/json' }
    const response = fetch(`${url}/v1/search`, { method: 'POST', headers, body, duplex: 'half' })
    // The client may see its own broken pipe before the answer; either way the stream has ended.
    const status = await response.then((answer) => answer.status).catch(() => 413)
    expect(status).toBe(413)
    expect(sent).toBeLessThan(50_000_000)
  })

  test('a client that first sends and then reads still gets its 413', async () => {
    const { port } = await serve()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.pause()
    socket.write(search([json, `Content-Length: ${20 * large}`], Buffer.alloc(20 * large)))
    // Reset, the connection would lose what has not been read by now.
    await wait(50)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.resume()
    await closed
    expect(text).toMatch(/^HTTP\/1.1 413 /)
  })

  test('a body of exactly the limit is read', async () => {
    const { url } = await serve()
    const body = '{"query":"x"}'.padEnd(1_048_576)
    expect((await post(`${url}/v1/search`, body)).status).toBe(200)
  })

  test('a byte order mark is passed over', async () => {
    const { url } = await serve()
    expect((await post(`${url}/v1/search`, '\ufeff{"query":"x"}')).status).toBe(200)
  })

  test('Expect: 100-continue is served, other expectations are passed over', async () => {
    const { port } = await serve()
    const body = '{"query":"x"}'
    for (const expectation of ['100-continue', 'something']) {
      const headers = [json, `Content-Length: ${body.length}`, `Expect: ${expectation}`]
      expect((await sendRaw(port, search(headers, body))).status).toBe(200)
    }
  })
})

describe('requests that are no good HTTP', () => {
  const long = 'x'.repeat(9_000)
  test.each<[string, string, number, string]>([
    ['garbage', 'what is this\r\n\r\n', 400, 'BAD_INPUT'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00', 400, 'BAD_INPUT'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'BAD_INPUT'],
    [
      'two lengths',
      requestHead('POST /v1/search', ['Content-Length: 1', 'Content-Length: 2']),
      400,
      'BAD_INPUT',
    ],
    [
      'length and chunks',
      requestHead('POST /v1/search', ['Content-Length: 1', 'Transfer-Encoding: chunked']),
      400,
      'BAD_INPUT',
    ],
    [
      'a bad chunk',
      `${requestHead('POST /v1/search', ['Content-Type: application/json', 'Transfer-Encoding: chunked'])}zz\r\n`,
      400,
      'BAD_INPUT',
    ],
    ['broken percent-encoding', requestHead('GET /v1/documents/%zz'), 400, 'BAD_INPUT'],
    ['broken UTF-8 in the path', requestHead('GET /v1/documents/%ff'), 400, 'BAD_INPUT'],
    ['an absolute target', requestHead('GET http://evil.example/v1/status'), 400, 'BAD_INPUT'],
    ['an asterisk', requestHead('OPTIONS *'), 400, 'BAD_INPUT'],
    ['a tunnel', requestHead('CONNECT localhost:80'), 405, 'BAD_INPUT'],
    ['a long URL', requestHead(`GET /v1/search?q=${long}`), 414, 'BAD_INPUT'],
    ['a very long URL', requestHead(`GET /v1/search?q=${long.repeat(12)}`), 414, 'BAD_INPUT'],
    ['large headers', requestHead('GET /healthz', [`X-Large: ${long.repeat(12)}`]), 431, 'BAD_INPUT'],
    ['a folded header', requestHead('GET /healthz', ['X-A: a', ' b: c\r\nX B: d']), 400, 'BAD_INPUT'],
  ])('%s', async (_, bytes, status, code) => {
    const { port } = await serve()
    const response = await sendRaw(port, bytes)
    expect(response.status).toBe(status)
    const { error } = JSON.parse(response.body)
    expect(error.code).toBe(code)
    expect(response.head.toLowerCase()).toContain(`x-request-id: ${error.requestId}`)
  })

  test('an upgrade is answered as an ordinary request', async () => {
    const { port } = await serve()
    const bytes =
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    const response = sendRaw(port, bytes, { end: true })
    expect((await response).status).toBe(200)
  })
})
