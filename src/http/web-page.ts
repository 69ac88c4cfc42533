import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { builtFile } from '../built-file.js'
import type { Call } from './call.js'

/** Nothing from elsewhere, nothing inline; no text ever becomes markup or script. `blob:` shows pictures that somebody adds to a question. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The web page, as the build wrote it. */
export type WebPage = {
  /** The page itself. */
  send(call: Call): Promise<undefined>
  /** A file that it loads; false when there is none of that name. */
  sendFile(call: Call, name: string): Promise<boolean>
}

/** The page beside this module; its files are listed once. */
export function openWebPage(): WebPage {
  const folder = builtFile('../web/assets', import.meta.url)
  const page = join(dirname(folder), 'index.html')
  const names = new Set(readdirSync(folder))
  return {
    async send({ response }) {
      response.setHeader('content-security-policy', POLICY)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('cache-control', 'no-cache')
      response.end(await readFile(page))
      return undefined
    },

    async sendFile({ response }, name) {
      const type = TYPES[extname(name)]
      if (!names.has(name) || type === undefined) return false
      response.setHeader('content-type', type)
      // Names hold a hash of the content.
      response.setHeader('cache-control', 'public, max-age=31536000, immutable')
      response.end(await readFile(join(folder, name)))
      return true
    },
  }
}
