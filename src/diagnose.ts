import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openEngine } from './compose.js'
import type { Config } from './config.js'
import type { Check, IndexStatus, SearchEngine } from './engine.js'
import { GemdexError, toGemdexError } from './errors.js'
import { isAtLeast, SQLITE_FLOOR } from './store/sqlite/sqlite-floor.js'

const NODE_FLOOR = '20.20.2'
const LOW_SPACE_BYTES = 256 * 1024 * 1024

/** Looks at everything an installation needs and says what is wrong and what to do. Sends one request when there is a key. */
export async function diagnose(
  config: Config,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Check[]> {
  const checks: Check[] = [checkVersion('Node.js', process.versions.node, NODE_FLOOR)]
  for (const warning of config.warnings) checks.push({ name: 'Settings', state: 'warning', message: warning })
  const engine = openIfPossible(config, checks)
  try {
    const status = await engine?.status()
    if (status !== undefined) {
      checks.push(checkVersion('SQLite', status.versions.SQLite ?? '0', SQLITE_FLOOR), ...checkIndex(status))
    }
  } catch (thrown) {
    checks.push({ name: 'Index', ...failureOf(thrown) })
  } finally {
    await engine?.close()
  }
  checks.push(await checkKey(config, options), await checkSpace(config.db))
  return checks
}

function openIfPossible(config: Config, checks: Check[]) {
  try {
    return openEngine(config, { ifMissing: 'memory' })
  } catch (thrown) {
    checks.push({ name: 'Index', ...failureOf(thrown) })
    return undefined
  }
}

function checkIndex(status: IndexStatus): Check[] {
  if (status.embedder === null) {
    return [
      {
        name: 'Index',
        state: 'warning',
        message: `nothing is indexed at ${status.db}`,
        advice: 'Make an index with `gemdex index <folder>`.',
      },
    ]
  }
  const { modelId, dimensions } = status.embedder
  const index: Check =
    status.damage === undefined
      ? {
          name: 'Index',
          state: 'ok',
          message: `${status.documents} documents and ${status.chunks} passages at ${status.db}`,
        }
      : {
          name: 'Index',
          state: 'failed',
          message: `the index at ${status.db} is damaged: ${status.damage}`,
          advice: '`gemdex verify` says what is broken and which command mends it.',
        }
  const embedder: Check =
    status.degraded === undefined
      ? { name: 'Embedder', state: 'ok', message: `${modelId}, ${dimensions} dimensions` }
      : {
          name: 'Embedder',
          state: 'warning',
          message: status.degraded,
          advice: 'Until then keywords alone answer.',
        }
  return [index, ...checkRuns(status), embedder]
}

/** Runs that were stopped: what they had still to do is not found. */
function checkRuns({ collections }: IndexStatus): Check[] {
  return collections.flatMap(({ name, root, run }): Check[] => {
    if (run?.state !== 'stopped') return []
    const left = run.files === 0 ? 'files' : `${Math.max(0, run.files - run.filesDone)} of ${run.files} files`
    return [
      {
        name: 'Index',
        state: 'warning',
        message: `the last run over ${name} was stopped: ${left} are still to come`,
        advice: `Index ${root ?? 'its folder'} again to go on; \`gemdex status\` shows the command.`,
      },
    ]
  })
}

async function checkKey(config: Config, options: { readonly signal?: AbortSignal }): Promise<Check> {
  const name = 'Gemini API'
  if (config.apiKey === undefined) {
    return {
      name,
      state: 'warning',
      message: 'no key: gemdex compares words, not meaning',
      advice: 'Set GOOGLE_API_KEY to search by meaning and get written answers.',
    }
  }
  let engine: SearchEngine | undefined
  try {
    engine = openEngine({ ...config, db: ':memory:' }, { ifMissing: 'create' })
    const models = await engine.models(options)
    const missing = [config.embeddingModel, config.model].filter(
      (wanted) => !models.some(({ id }) => id === wanted),
    )
    if (missing.length === 0)
      return { name, state: 'ok', message: `the key works and can use ${models.length} models` }
    return {
      name,
      state: 'warning',
      message: `the key works, but does not list ${missing.join(' and ')}`,
      advice: '`gemdex models` lists what it can use.',
    }
  } catch (thrown) {
    return { name, ...failureOf(thrown) }
  } finally {
    await engine?.close()
  }
}

async function checkSpace(db: string): Promise<Check> {
  for (let folder = dirname(db); ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => undefined)
    if (found === undefined && folder !== dirname(folder)) continue
    const free = found === undefined ? 0 : found.bavail * found.bsize
    const message = `${Math.floor(free / 1024 / 1024)} MB free for the index`
    return free >= LOW_SPACE_BYTES
      ? { name: 'Disk', state: 'ok', message }
      : { name: 'Disk', state: 'warning', message, advice: 'Free some space before indexing more.' }
  }
}

function checkVersion(name: string, version: string, floor: string): Check {
  return isAtLeast(version, floor)
    ? { name, state: 'ok', message: version }
    : {
        name,
        state: 'failed',
        message: `${version} is older than ${floor}`,
        advice: `Install ${name} ${floor} or newer.`,
      }
}

function failureOf(thrown: unknown): Omit<Check, 'name'> {
  const error = thrown instanceof GemdexError ? thrown : toGemdexError(thrown)
  return {
    state: 'failed',
    message: error.message,
    ...(error.hint === undefined ? {} : { advice: error.hint }),
  }
}
