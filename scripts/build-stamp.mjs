// Tells whether dist/ is what a build of the present sources has left there.
//   node scripts/build-stamp.mjs begin   before anything is read: keeps a digest of what goes in
//   node scripts/build-stamp.mjs end     after the last step: adds a digest of what has come out
//   node scripts/build-stamp.mjs check   exit code 1 when either has changed since, or not both were kept
// A file that is saved while the compiler runs makes the stamp out of date, whether or not it was read by then.
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const STAMP = join('dist', '.built')
const INPUTS = [
  'src',
  'kernel',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
]

/** Paths of the files below, in an order of their own. */
function filesIn(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}

/** Hex SHA-256 of the files' paths, bytes, and whether their owner may run them. */
function digest(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesIn).filter((path) => path !== STAMP)) {
    const bytes = readFileSync(file)
    const isExecutable = (statSync(file).mode & 0o100) !== 0
    hash.update(`${file}\0${isExecutable}\0${bytes.byteLength}\0`).update(bytes)
  }
  return hash.digest('hex')
}

const inputs = () => `inputs ${digest(INPUTS)}\n`
const outputs = () => `outputs ${digest(['dist'])}\n`

const step = process.argv[2]
if (step === 'begin') {
  mkdirSync('dist', { recursive: true })
  writeFileSync(STAMP, inputs())
} else if (step === 'end') appendFileSync(STAMP, outputs())
else if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== inputs() + outputs()) process.exitCode = 1
