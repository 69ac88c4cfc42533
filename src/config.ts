import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { GemdexError } from './errors.js'
import { type SettingName, type SettingValues, settings } from './settings.js'

export type SettingSource = 'flag' | 'environment' | 'config file' | 'project config file' | 'default'

export type Config = SettingValues & {
  readonly db: string
  readonly embeddingModel: string
  readonly model: string
  readonly concurrency: number
  readonly host: string
  readonly port: number
  readonly logLevel: NonNullable<SettingValues['logLevel']>
  /** Where each setting in force comes from; settings that are not set are not listed. */
  readonly sources: Readonly<Partial<Record<SettingName, SettingSource>>>
  /** Settings of a found file that were not obeyed, for people. */
  readonly warnings: readonly string[]
}

export type ConfigInput = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Values of flags, as text. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>
  /** Path given by `--config`. */
  readonly configFile?: string
}

const DEFAULTS = {
  embeddingModel: 'gemini-embedding-001',
  model: 'gemini-3.8-flash',
  concurrency: 4,
  host: '127.0.0.1',
  port: 7411,
  logLevel: 'info',
} as const
const PROJECT_FILE = 'gemdex.config.json'

/**
 * Flags > environment > config file > defaults, as one frozen object. A `gemdex.config.json` found in the working tree
 * belongs to whoever made that tree: it may not set keys, addresses or paths. Throws BAD_CONFIG naming the setting.
 */
export function loadConfig(input: ConfigInput): Config {
  const { env, cwd } = input
  const values: Record<string, unknown> = { ...DEFAULTS }
  const sources: Partial<Record<SettingName, SettingSource>> = {}
  const warnings: string[] = []
  for (const name of Object.keys(DEFAULTS) as SettingName[]) sources[name] = 'default'

  const take = (name: SettingName, value: string, label: string, source: SettingSource) => {
    values[name] = settings[name].parse(value, label)
    sources[name] = source
  }
  const takeFile = (path: string, source: 'config file' | 'project config file') => {
    for (const [name, value] of readConfigFile(path)) {
      if (!isSettingName(name))
        throw new GemdexError('BAD_CONFIG', `${path} sets "${name}", which is no setting`, {
          hint: `There are: ${Object.keys(settings).join(', ')}.`,
        })
      if (source === 'project config file' && !settings[name].project) {
        warnings.push(
          `${path} may not set "${name}": a file found in the working tree is not trusted with it. Use the environment or --config.`,
        )
      } else take(name, value, `"${name}" in ${path}`, source)
    }
  }

  const project = findUpwards(cwd, PROJECT_FILE)
  const given = input.configFile === undefined ? undefined : resolve(cwd, input.configFile)
  if (project !== undefined && project !== given) takeFile(project, 'project config file')
  const file = given ?? defaultConfigFile(env)
  if (input.configFile !== undefined || existsSync(file)) takeFile(file, 'config file')
  for (const name of Object.keys(settings) as SettingName[]) {
    const variable = settings[name].env.find((candidate) => (env[candidate] ?? '') !== '')
    const value = variable === undefined ? undefined : env[variable]
    if (variable !== undefined && value !== undefined) take(name, value, variable, 'environment')
  }
  for (const [name, value] of Object.entries(input.flags ?? {})) {
    if (isSettingName(name))
      take(name, value, `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, 'flag')
  }
  if (values.db === undefined) sources.db = 'default'
  values.db = values.db === undefined ? defaultIndexFile(env, cwd) : resolve(cwd, String(values.db))
  return Object.freeze({
    ...values,
    sources: Object.freeze(sources),
    warnings: Object.freeze(warnings),
  }) as Config
}

/** Who answers: the built-in answerer where there is no key and nothing else is asked for. */
export function generatorProvider({ generator, apiKey }: Config): 'gemini' | 'local' {
  return generator ?? (apiKey === undefined ? 'local' : 'gemini')
}

/** Who embeds a new index. A model asked for by name is Gemini's, with or without a key. */
export function newIndexProvider({ embedder, apiKey, sources }: Config): 'gemini' | 'local' {
  const asksForModel = (sources.embeddingModel ?? 'default') !== 'default' || apiKey !== undefined
  return embedder ?? (asksForModel ? 'gemini' : 'local')
}

/** The nearest `.gemdex/index.db` from the folder upwards, else the user's own. */
function defaultIndexFile(env: ConfigInput['env'], cwd: string): string {
  const data = env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share')
  return findUpwards(cwd, join('.gemdex', 'index.db')) ?? join(data, 'gemdex', 'index.db')
}

function defaultConfigFile(env: ConfigInput['env']): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'gemdex', 'config.json')
}

function findUpwards(from: string, name: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, name)
    if (existsSync(path)) return path
    if (dirname(folder) === folder) return undefined
  }
}

/** Name and value as text of each entry; lists are joined by commas, as they stand in the environment. */
function readConfigFile(path: string): [string, string][] {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new GemdexError('BAD_CONFIG', `The config file ${path} cannot be read: ${why}`, { cause: error })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new GemdexError('BAD_CONFIG', `The config file ${path} must hold a JSON object`)
  }
  return Object.entries(parsed).map(([name, value]) => [name, textOf(value, name, path)])
}

function textOf(value: unknown, name: string, path: string): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',')
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new GemdexError('BAD_CONFIG', `"${name}" in ${path} must be a text, a number or a list of texts`)
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name)
}
