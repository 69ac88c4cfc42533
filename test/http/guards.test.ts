import { describe, expect, test } from 'vitest'
import { operations } from '../../src/api/operations.js'
import { GemdexError } from '../../src/errors.js'
import { createHttpServer } from '../../src/http/create-http-server.js'
import { refuseUnsafeHost } from '../../src/http/guards.js'
import { createLogger } from '../../src/logger.js'
import { everyRoute, type RouteRequest, rawRequest } from './every-route.js'
import { fakeEngine } from './fake-engine.js'
import { sendRaw, serve } from './serve.js'

const unknownRoute: RouteRequest = {
  name: 'home',
  operation: operations.home,
  target: '/nowhere',
  headers: {},
  body: undefined,
}
const requests = [...everyRoute, unknownRoute]

/** Which routes refuse a request with these headers as foreign. */
async function refusedWith(headers: readonly string[]): Promise<string[]> {
  const { port } = await serve(fakeEngine(), {
    allowedHosts: ['search.example.org', '[fd00::1]', 'Intranet'],
    corsOrigins: ['https://wiki.example.org'],
  })
  const responses = await Promise.all(
    requests.map(async (request) => ({
      target: request.target,
      ...(await sendRaw(port, rawRequest(request, headers))),
    })),
  )
  for (const { status, body } of responses) {
    if (status >= 400) expect(JSON.parse(body).error.requestId).toEqual(expect.any(String))
  }
  return responses.filter(({ status }) => status === 403).map(({ target }) => target)
}

const none: string[] = []
const all = requests.map(({ target }) => target)

describe('Host', () => {
  test.each([
    'localhost',
    'localhost:7411',
    'LOCALHOST:80',
    '127.0.0.1',
    '127.0.0.1:65535',
    '127.255.255.254:7411',
    '[::1]',
    '[::1]:7411',
    'search.example.org',
    'Search.Example.Org:443',
    'intranet',
    '[fd00::1]:8080',
  ])('%s is served', async (host) => {
    expect(await refusedWith([`Host: ${host}`])).toEqual(none)
  })

  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil-localhost',
    'localhost.',
    '127.0.0.1.',
    '127.0.0.1.nip.io',
    'search.example.org.',
    'sub.search.example.org',
    'user@localhost',
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost:',
    'localhost:0',
    'localhost:65536',
    'localhost:80:80',
    'localhost:port',
    'localhost/path',
    'localhost, evil.example',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '127.0.0.01',
    '127.0.0.256',
    '128.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '::1',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::1',
    '[::1]evil.example',
    '[::1%25lo]',
    'ⅼocalhost',
    '',
  ])('"%s" is refused', async (host) => {
    expect(await refusedWith([`Host: ${host}`])).toEqual(all)
  })

  test('none and two are refused', async () => {
    expect(await refusedWith([])).toEqual(all)
    expect(await refusedWith(['Host: localhost', 'Host: evil.example'])).toEqual(all)
    expect(await refusedWith(['Host: localhost', 'Host: localhost'])).toEqual(all)
  })

  test('HTTP/1.0 is no way around it', async () => {
    const { port } = await serve()
    expect((await sendRaw(port, 'GET /healthz HTTP/1.0\r\n\r\n')).status).toBe(403)
    expect((await sendRaw(port, 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n')).status).toBe(200)
  })

  test('the engine sees nothing of a refused request', async () => {
    const engine = fakeEngine()
    const { port } = await serve(engine)
    await sendRaw(port, 'DELETE /v1/documents/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    expect(engine.calls).toEqual([])
  })
})

describe('Origin', () => {
  test.each([
    'http://localhost:7411',
    'https://localhost',
    'http://127.0.0.1:3000',
    'http://[::1]:7411',
    'https://search.example.org',
    'HTTP://LOCALHOST:7411',
    'https://wiki.example.org',
    'https://WIKI.example.org',
  ])('%s is served', async (origin) => {
    expect(await refusedWith(['Host: localhost', `Origin: ${origin}`])).toEqual(none)
  })

  test.each([
    'null',
    '',
    'http://evil.example',
    'https://localhost.evil.example',
    'http://localhost.',
    'http://user@localhost',
    'http://localhost/',
    'http://localhost?x',
    'file://localhost',
    'chrome-extension://localhost',
    'localhost',
    '//localhost',
    'http://2130706433',
    'http://localhost http://evil.example',
    'http://localhost, http://evil.example',
    'http://wiki.example.org',
    'https://wiki.example.org:8443',
    'https://wiki.example.org.',
  ])('"%s" is refused', async (origin) => {
    expect(await refusedWith(['Host: localhost', `Origin: ${origin}`])).toEqual(all)
  })

  test('two are refused', async () => {
    const origin = 'Origin: http://localhost'
    expect(await refusedWith(['Host: localhost', origin, origin])).toEqual(all)
  })
})

describe('the address to listen on', () => {
  test.each(['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '::1'])('%s is safe', (host) => {
    expect(() => refuseUnsafeHost(host, false)).not.toThrow()
  })

  test.each([
    '0.0.0.0',
    '::',
    '',
    '192.168.1.10',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    'example.org',
    '127.0.0.999',
  ])('"%s" is not', async (host) => {
    const wanted = expect.objectContaining({ code: 'BAD_CONFIG', field: 'host' })
    expect(() => refuseUnsafeHost(host, false)).toThrow(wanted)
    expect(() => refuseUnsafeHost(host, true)).not.toThrow()
    const server = createHttpServer({
      engine: fakeEngine(),
      logger: createLogger('silent', { write: () => {} }),
    })
    await expect(server.listen(host, 0)).rejects.toThrow(wanted)
  })

  test('a port that is taken is an error with the next step', async () => {
    const { port } = await serve()
    const server = createHttpServer({
      engine: fakeEngine(),
      logger: createLogger('silent', { write: () => {} }),
    })
    const failed = await server.listen('127.0.0.1', port).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(GemdexError)
    expect(failed).toMatchObject({
      code: 'BAD_CONFIG',
      field: 'port',
      hint: expect.stringContaining('--port'),
    })
  })

  test.each(['*', '*.example.org', 'https://example.org', 'example.org:80', 'example.org.', 'a b', ''])(
    'the allowed host "%s" is no name',
    (name) => {
      const create = () =>
        createHttpServer({
          engine: fakeEngine(),
          logger: createLogger('silent', { write: () => {} }),
          allowedHosts: [name],
        })
      expect(create).toThrow(expect.objectContaining({ code: 'BAD_CONFIG', field: 'allowedHosts' }))
    },
  )
})
