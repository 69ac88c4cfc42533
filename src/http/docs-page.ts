import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Call } from './call.js'

/** The only files of the page, with their media types. All but `start.js` are Swagger UI's own, copied when gemdex is built. */
export const DOCS_FILES = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'start.js': 'text/javascript; charset=utf-8',
} as const

export type DocsFile = keyof typeof DOCS_FILES

/** Nothing from elsewhere, nothing inline; the viewer draws its icons from `data:`. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Addresses are relative to the scripts, so that the page works behind a proxy that adds a folder; dark where the reader's screen is. */
const START = `const here = document.currentScript.src
const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
follow()
dark.addEventListener('change', follow)
SwaggerUIBundle({
  url: new URL('../openapi.json', here).href,
  dom_id: '#viewer',
  deepLinking: true,
  validatorUrl: null,
})
`

/** The page that shows the API's description. */
export async function sendDocsPage({ response }: Call, path: string): Promise<undefined> {
  const folder = path.endsWith('/') ? '' : 'docs/'
  response.setHeader('content-security-policy', POLICY)
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gemdex API</title>
<link rel="icon" href="${folder}favicon-32x32.png">
<link rel="stylesheet" href="${folder}swagger-ui.css">
</head>
<body>
<div id="viewer"></div>
<script src="${folder}swagger-ui-bundle.js"></script>
<script src="${folder}start.js"></script>
</body>
</html>
`)
  return undefined
}

export async function sendDocsFile({ response }: Call, file: DocsFile): Promise<undefined> {
  const bytes = file === 'start.js' ? START : await readFile(`${viewerFolder()}${file}`)
  response.setHeader('content-type', DOCS_FILES[file])
  response.setHeader('cache-control', 'public, max-age=3600')
  response.end(bytes)
  return undefined
}

/** Beside this file; for sources that run uncompiled, as tests do, in `dist/`. */
function viewerFolder(): string {
  const beside = fileURLToPath(new URL('./viewer/', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/http/viewer/', import.meta.url))
}
