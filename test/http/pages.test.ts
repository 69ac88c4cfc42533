import { describe, expect, test, vi } from 'vitest'
import { fakeEngine } from './fake-engine.js'
import { serve } from './serve.js'

describe('the page of the description', () => {
  test.each(['/docs', '/docs/'])(
    '%s brings everything from this service, under a strict policy',
    async (path) => {
      const { url } = await serve()
      const response = await fetch(`${url}${path}`)
      const page = await response.text()
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(page).not.toMatch(/https?:\/\/|<script>|style=|onload/)
      const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
      expect(addresses).toHaveLength(4)
      for (const address of addresses) {
        const file = await fetch(new URL(address, `${url}${path}`))
        expect([address, file.status]).toEqual([address, 200])
        expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100)
      }
    },
  )

  test.each(['x.js', '..%2f..%2fpackage.json', 'LICENSE', 'constructor', '__proto__', 'start.js%00'])(
    'has no file %s',
    async (name) => {
      const { url } = await serve()
      expect((await fetch(`${url}/docs/${name}`)).status).toBe(404)
    },
  )

  test('names the description next to it, wherever a proxy puts them', async () => {
    const { url } = await serve()
    const script = await (await fetch(`${url}/docs/start.js`)).text()
    expect(script).toContain("new URL('../openapi.json', here)")
    const description = (await (await fetch(`${url}/openapi.json`)).json()) as Record<string, unknown>
    expect(description).toMatchObject({ openapi: '3.1.1', info: { version: '0.0.0' } })
  })
})

describe('the web page', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

  test('comes to those who prefer HTML, under a strict policy, with files that may be kept for ever', async () => {
    const { url } = await serve()
    const response = await fetch(url, { headers: browser })
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('vary')).toContain('Accept')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/)
    const page = await response.text()
    expect(page).not.toMatch(/https?:\/\/|<script>|<style|style=|onload/)
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(addresses.length).toBeGreaterThan(2)
    for (const address of addresses) {
      expect(address).toMatch(/^\.\/assets\/[\w-]+-[\w-]{8}\.(?:js|css|svg)$/)
      const file = await fetch(new URL(address, url))
      expect([address, file.status]).toEqual([address, 200])
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100)
    }
  })

  test.each(['*/*', 'application/json', 'application/json, text/html', ''])(
    'does not come to programs (Accept: %s)',
    async (accept) => {
      const { url } = await serve()
      const response = await fetch(url, { headers: { accept } })
      expect(((await response.json()) as { name: string }).name).toBe('gemdex')
    },
  )

  test.each(['x.js', '..%2findex.html', 'index.html', '..%2f..%2fmain.js', 'constructor'])(
    'has no file %s',
    async (name) => {
      const { url } = await serve()
      expect((await fetch(`${url}/assets/${name}`)).status).toBe(404)
    },
  )
})

describe('metrics', () => {
  test('are of this service alone, without a word of what was asked', async () => {
    const { url } = await serve(fakeEngine())
    await fetch(`${url}/v1/search?q=secretword`)
    await fetch(`${url}/v1/documents/secretword`)
    await fetch(`${url}/secretword`)
    await fetch(`${url}/secretword`, { method: 'DELETE' })
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    const text = await response.text()
    expect(text).not.toContain('secretword')
    for (const line of [
      'gemdex_http_requests_total{method="GET",route="/v1/search",status="200"} 1',
      'gemdex_http_requests_total{method="GET",route="/v1/documents/:id",status="200"} 1',
      'gemdex_http_requests_total{method="none",route="none",status="404"} 2',
      'gemdex_index{of="documents"} 1',
      'gemdex_index{of="passages"} 4',
      'gemdex_index_bytes{file="main"} 90112',
      'gemdex_index_bytes{file="wal"} 4096',
      'gemdex_jobs{state="running"} 1',
      'gemdex_requests_waiting{lane="answering"} 0',
      'gemdex_mcp_sessions 0',
    ])
      expect(text).toContain(`${line}\n`)
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds \d/)
    const other = await serve(fakeEngine())
    expect(await (await fetch(`${other.url}/metrics`)).text()).not.toContain('/v1/search')
  })

  test('ask for the status of the index once each time', async () => {
    const { status } = fakeEngine()
    const damaged = vi.fn(async () => ({ ...(await status()), damage: 'a text has changed' }))
    const { url } = await serve(fakeEngine({ status: damaged }))
    for (const times of [1, 2]) {
      const text = await (await fetch(`${url}/metrics`)).text()
      expect(text).toContain('gemdex_index_damaged 1\n')
      expect(text).toContain('gemdex_index{of="documents"} 1\n')
      expect(text).toContain('gemdex_index_bytes{file="main"} 90112\n')
      expect(damaged).toHaveBeenCalledTimes(times)
    }
  })

  test('stay there when the index cannot be read', async () => {
    const status = () => Promise.reject(new Error('EIO'))
    const listDocuments = status
    const { url } = await serve(fakeEngine({ status, listDocuments }))
    const response = await fetch(`${url}/metrics`)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(text).toContain('gemdex_index_readable 0\n')
    expect(text).toContain('gemdex_requests_active{')
    expect(text).not.toContain('gemdex_index{')
  })
})

describe('CORS', () => {
  const corsOrigins = ['https://wiki.example.org']
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/v1/search`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-api-key',
      },
    })

  test('is off unless it is configured', async () => {
    const { url } = await serve()
    const response = await preflight(url, 'http://localhost:3000')
    expect(response.status).toBe(405)
    const headers = { origin: 'http://localhost:3000' }
    const answered = await fetch(`${url}/v1/status`, { headers })
    expect(answered.status).toBe(200)
    for (const { headers } of [response, answered])
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('lets the pages in that are named, and no others', async () => {
    const { url } = await serve(fakeEngine(), { corsOrigins })
    const allowed = await preflight(url, 'https://wiki.example.org')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://wiki.example.org')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-api-key')
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    expect((await preflight(url, 'https://evil.example')).status).toBe(403)
    const headers = { origin: 'https://wiki.example.org' }
    const answered = await fetch(`${url}/v1/status`, { headers })
    expect(answered.headers.get('access-control-allow-origin')).toBe('https://wiki.example.org')
    expect(answered.headers.get('vary')).toContain('Origin')
    // Pages of this machine are no others' business.
    const local = await fetch(`${url}/v1/status`, { headers: { origin: 'http://localhost:3000' } })
    expect(local.status).toBe(200)
    expect(local.headers.get('access-control-allow-origin')).toBeNull()
  })
})
