// Indexes a folder of hostile files with the built program and holds what became of each against the folder's manifest:
//
//   npm run hostile -- <folder with manifest.json> [--verbose]
//
// The manifest is `{ outsideWord, files: [{ path, kind, expect: index | skip | truncate | either, reasons?, marker?,
// absent?, maxMs }] }`. Prints a table by kind, each entry that is not as it should be, peak memory of the program with its
// workers (where /proc tells) and the time; exits with 1 when anything is wrong.
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { IndexReport, SearchEngine } from '#dist/engine.js'
import { createIsolatedExtractor, defaultIsolationLimits } from '#dist/extract/isolated-extractor.js'
import { defaultExtractLimits } from '#dist/extract/limits.js'
import { loadConfig, openEngine } from '#dist/index.js'

const MAX_MEMORY_MB = 1024
const MAX_MINUTES = 5
const SAMPLE_EVERY_MS = 50

type Entry = {
  readonly path: string
  readonly pathB64?: string
  readonly kind: string
  readonly expect: 'index' | 'skip' | 'truncate' | 'either'
  readonly reasons?: readonly string[]
  readonly marker?: string
  readonly absent?: readonly string[]
  readonly maxMs: number
}
type Manifest = { readonly outsideWord?: string; readonly files: readonly Entry[] }
type Ran = {
  readonly code: number | null
  readonly report: IndexReport | undefined
  readonly seconds: number
  readonly peakMb: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
})
const [folder] = positionals
if (folder === undefined) throw new Error('Name the folder: npm run hostile -- <folder with manifest.json>')
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
const scratch = mkdtempSync(join(tmpdir(), 'gemdex-hostile-'))
const db = join(scratch, 'index.db')
const problems: string[] = []
const extractor = createIsolatedExtractor({
  script: resolve('dist/extract/worker.js'),
  limits: defaultExtractLimits,
  isolation: defaultIsolationLimits,
  workers: 1,
})
try {
  const ran = await indexFolder(folder)
  if (ran.report === undefined) problems.push(`the run ended with ${ran.code} and without a report`)
  else await judge(ran.report)
  checkTraces()
  if (ran.peakMb > MAX_MEMORY_MB) problems.push(`peak memory ${ran.peakMb} MB is above ${MAX_MEMORY_MB}`)
  if (ran.seconds > MAX_MINUTES * 60) problems.push(`${ran.seconds} s are above ${MAX_MINUTES} minutes`)
  for (const problem of problems) console.log(`not as it should be: ${problem}`)
  console.log(
    `exit code ${ran.code}, peak memory ${ran.peakMb || 'unknown'} MB (with workers), ${ran.seconds} s, ${problems.length} problems`,
  )
} finally {
  await extractor.close()
  rmSync(scratch, { recursive: true })
}
process.exitCode = problems.length === 0 ? 0 : 1

async function indexFolder(path: string): Promise<Ran> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    ['dist/main.js', '--db', db, 'index', path, '-c', 'hostile', '--exclude', '/manifest.json', '--json'],
    {
      env: { PATH: process.env.PATH ?? '', HOME: scratch },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  let peakMb = 0
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, memoryOf(child.pid ?? 0))
  }, SAMPLE_EVERY_MS)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearInterval(sampler)
  const seconds = Math.round((performance.now() - started) / 100) / 10
  const [report] = stdout === '' ? [] : (JSON.parse(stdout) as IndexReport[])
  return { code, report, seconds, peakMb }
}

/** Resident memory in MB of a process and its children, as far as /proc tells. */
function memoryOf(pid: number): number {
  if (!existsSync(`/proc/${pid}`)) return 0
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
    )
    const own = Math.round((pages * 4096) / 1024 ** 2)
    return children.reduce((sum, child) => sum + memoryOf(Number(child)), own)
  } catch {
    return 0
  }
}

async function judge(report: IndexReport): Promise<void> {
  const engine = openEngine(loadConfig({ env: {}, cwd: scratch, flags: { db } }), { ifMissing: 'fail' })
  const table = new Map<string, { entries: number; right: number; indexed: number; slowestMs: number }>()
  try {
    for (const entry of manifest.files) {
      const row = table.get(entry.kind) ?? { entries: 0, right: 0, indexed: 0, slowestMs: 0 }
      const uri = await uriOf(engine, report, entry)
      const outcome = await outcomeOf(engine, report, uri)
      const faults = await faultsOf(engine, entry, uri, outcome)
      const took = await extractionMs(entry)
      if (took > entry.maxMs) faults.push(`took ${took} ms, ${entry.maxMs} are allowed`)
      problems.push(...faults.map((fault) => `${uri}: ${fault}`))
      if (values.verbose) console.log(`${entry.expect.padEnd(9)} ${uri}: ${outcome.text} (${took} ms)`)
      table.set(entry.kind, {
        entries: row.entries + 1,
        right: row.right + (faults.length === 0 ? 1 : 0),
        indexed: row.indexed + (outcome.indexed ? 1 : 0),
        slowestMs: Math.max(row.slowestMs, took),
      })
    }
    const { outsideWord } = manifest
    if (outsideWord !== undefined && (await isFound(engine, outsideWord))) {
      problems.push(`the word ${outsideWord}, which stands outside the folder, is found`)
    }
  } finally {
    await engine.close()
  }
  for (const message of longMessages(report))
    problems.push(`a message of more than 200 characters: ${message}`)
  console.log('kind        entries  as expected  indexed  slowest')
  for (const [kind, { entries, right, indexed, slowestMs }] of table) {
    console.log(
      `${kind.padEnd(10)}  ${pad(entries, 7)}  ${pad(right, 11)}  ${pad(indexed, 7)}  ${pad(`${slowestMs} ms`, 7)}`,
    )
  }
}

type Outcome = {
  readonly indexed: boolean
  readonly truncated: boolean
  readonly text: string
  readonly reason?: string
}

async function outcomeOf(engine: SearchEngine, report: IndexReport, uri: string): Promise<Outcome> {
  const skip = report.skippedFiles.find((file) => file.uri === uri)
  if (skip !== undefined)
    return { indexed: false, truncated: false, reason: skip.reason, text: `${skip.reason} (${skip.message})` }
  const isInside = await isIn(engine, uri)
  const truncated = report.notices.some((notice) => notice.uri === uri && notice.code === 'TRUNCATED')
  return {
    indexed: isInside,
    truncated,
    text: isInside ? (truncated ? 'indexed, truncated' : 'indexed') : 'nothing',
  }
}

async function faultsOf(
  engine: SearchEngine,
  entry: Entry,
  uri: string,
  { indexed, truncated, reason, text }: Outcome,
): Promise<string[]> {
  const { expect, reasons = [], marker, absent = [] } = entry
  const faults: string[] = []
  // A folder is there when something below it is.
  const isFolder = !indexed && reason === undefined && (await holdsDocuments(engine, uri))
  const isCovered = indexed || isFolder
  if (!isCovered && reason === undefined) faults.push('neither in the index nor in the report')
  if (expect === 'index' && !isCovered) faults.push(`should be in the index: ${text}`)
  if (expect === 'skip' && indexed) faults.push('should be skipped, and is in the index')
  if (reason !== undefined && expect !== 'index' && reasons.length > 0 && !reasons.includes(reason))
    faults.push(`skipped as ${text}, expected ${reasons.join(' or ')}`)
  if (expect === 'truncate' && !indexed && reason !== 'TOO_LARGE')
    faults.push(`should be cut or too large: ${text}`)
  const mustBeFound = marker !== undefined && (expect === 'index' || indexed) && !truncated
  if (mustBeFound && !(await isFound(engine, marker, isFolder ? undefined : uri)))
    faults.push(`its word ${marker} is not found`)
  if (expect === 'skip' && marker !== undefined && (await isFound(engine, marker)))
    faults.push(`its word ${marker} is found though it is skipped`)
  for (const word of absent) if (await isFound(engine, word)) faults.push(`the word ${word} is found`)
  return faults
}

async function holdsDocuments(engine: SearchEngine, uri: string): Promise<boolean> {
  const { items } = await engine.listDocuments({ limit: 100_000 })
  return items.some((document) => document.uri.startsWith(`${uri}/`))
}

/** Whether the word is found by keyword at all, or in one document. */
async function isFound(engine: SearchEngine, word: string, uri?: string): Promise<boolean> {
  const { hits } = await engine.search({ query: word, mode: 'keyword', limit: 20 })
  const exact = hits.filter((hit) => hit.relevance > 0.99)
  return uri === undefined ? exact.length > 0 : exact.some((hit) => hit.uri === uri)
}

/** The path as the index names it: normalised where that is no other file's, bytes that are not UTF-8 made visible. */
async function uriOf(engine: SearchEngine, report: IndexReport, { path, pathB64 }: Entry): Promise<string> {
  if (pathB64 !== undefined) {
    const bytes = Buffer.from(pathB64, 'base64').toString('latin1')
    return bytes.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)
  }
  const isKnown = report.skippedFiles.some((file) => file.uri === path) || (await isIn(engine, path))
  return isKnown ? path : path.normalize('NFC')
}

function isIn(engine: SearchEngine, uri: string): Promise<boolean> {
  return engine.getDocument(uri).then(
    () => true,
    () => false,
  )
}

/** How long it takes to read the file by itself; 0 for what is no file, or too large to be opened. */
async function extractionMs({ path, pathB64, kind }: Entry): Promise<number> {
  const base = folder ?? ''
  const place =
    pathB64 === undefined
      ? join(base, path)
      : Buffer.concat([Buffer.from(`${base}/`), Buffer.from(pathB64, 'base64')])
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (kind === 'fs' || !stat?.isFile()) return 0
  const bytes = new Uint8Array(readFileSync(place))
  const started = performance.now()
  await extractor.extractFile(bytes, { name: path })
  return Math.round(performance.now() - started)
}

function longMessages({ skippedFiles, notices }: IndexReport): string[] {
  return [...skippedFiles, ...notices].map(({ message }) => message).filter(({ length }) => length > 200)
}

/** Nothing was written beside or in the folder, and no prototype was changed. */
function checkTraces(): void {
  const places = [folder ?? '', join(folder ?? '', '..'), process.cwd(), tmpdir()]
  for (const place of places) {
    for (const name of readdirSync(place)) {
      if (/^zq-(slip|shell)/.test(name)) problems.push(`${join(place, name)} was written`)
    }
  }
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width)
}
