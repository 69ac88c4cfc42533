// Copies the viewer of the API's description into the build. It is a development dependency: as an ordinary one it would run
// an install script of its own that reports to a foreign host.
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const target = fileURLToPath(new URL('../dist/http/viewer/', import.meta.url))

mkdirSync(target, { recursive: true })
for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png', 'LICENSE', 'NOTICE'])
  copyFileSync(join(source, name), join(target, name))
copyFileSync(
  join(source, 'swagger-ui-bundle.js.LICENSE.txt'),
  join(target, 'swagger-ui-bundle.js.LICENSE.txt'),
)
