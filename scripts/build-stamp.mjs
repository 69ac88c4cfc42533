// Tells whether dist/ is what a build of the present sources has left there.
//   node scripts/build-stamp.mjs write   at the end of a build: keeps a digest of what went in and what came out
//   node scripts/build-stamp.mjs check   exit code 1 when either has changed since, or nothing was kept
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const STAMP = join('dist', '.built')
const INPUTS = ['src', 'kernel', 'scripts', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts']
const PACKAGES = ['package.json', 'package-lock.json']

/** Paths of the files below, in an order of their own. */
function filesIn(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}

function digest() {
  const hash = createHash('sha256')
  const files = [...INPUTS, ...PACKAGES, 'dist'].flatMap(filesIn).filter((file) => file !== STAMP)
  for (const file of files) {
    const bytes = readFileSync(file)
    hash.update(`${file}\0${bytes.byteLength}\0`).update(bytes)
  }
  return hash.digest('hex')
}

if (process.argv[2] === 'write') writeFileSync(STAMP, digest())
else if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== digest()) process.exitCode = 1
