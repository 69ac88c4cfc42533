import { type Config, loadConfig } from '../config.js'
import type {
  BackupReport,
  Check,
  OpenOptions,
  RestoreReport,
  SearchEngine,
  VerifyReport,
} from '../engine.js'
import type { SettingName } from '../settings.js'
import type { Io } from './io.js'
import { oneLine, printableJson, type Style, styleFor } from './style.js'

/** What the program brings along for its commands. */
export type Installation = {
  readonly version: string
  readonly openEngine: (config: Config, options: OpenOptions) => SearchEngine | Promise<SearchEngine>
  readonly diagnose: (config: Config, options: { readonly signal?: AbortSignal }) => Promise<Check[]>
  readonly upkeep: Upkeep
}

type Copying = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly copied: number; readonly total: number }) => void
}

/** What is done to an index as a whole, see `upkeep`. */
export type Upkeep = {
  readonly verify: (config: Config, options: { readonly repair: boolean }) => Promise<VerifyReport>
  readonly backup: (
    config: Config,
    file: string,
    options: Copying & { readonly replace: boolean },
  ) => Promise<BackupReport>
  readonly restore: (config: Config, file: string, options: Copying) => Promise<RestoreReport>
}

/** What every command gets: its streams, the settings in force, and the way to an engine. */
export type Context = {
  readonly io: Io
  readonly installation: Installation
  readonly config: Config
  /** Flags that stand for settings, as they were given. */
  readonly flags: GlobalFlags
  readonly style: Style
  /** Style of what goes to standard error. */
  readonly errStyle: Style
  /** A line on standard error. */
  note(text: string): void
  json(value: unknown): void
  /** Opens the engine (on another file than the configured one with `db`), runs, and closes it whatever happens. */
  withEngine<T>(
    options: OpenOptions & { readonly db?: string },
    run: (engine: SearchEngine) => Promise<T>,
  ): Promise<T>
  /** The same for one question to the index that is there, or one change of it. */
  withIndex<T>(run: (engine: SearchEngine) => Promise<T>): Promise<T>
}

/** Flags that stand for settings, as commander parsed them. */
export type GlobalFlags = { readonly config?: string } & Readonly<Partial<Record<SettingName, string>>>

export function createContext(io: Io, installation: Installation, flags: GlobalFlags): Context {
  const { config: configFile, ...settings } = flags
  const config = loadConfig({
    env: io.env,
    cwd: io.cwd,
    flags: settings,
    ...(configFile === undefined ? {} : { configFile }),
  })
  const errStyle = styleFor(io.err, io.env)
  const note = (text: string) => io.err.write(`${text}\n`)
  for (const warning of config.warnings) note(errStyle.warn(warning))
  const warn = (damage: string) => note(errStyle.warn(oneLine(damageNotice(damage))))
  const withEngine: Context['withEngine'] = async ({ db = config.db, ...options }, run) => {
    const engine = await installation.openEngine({ ...config, db }, { onDamage: warn, ...options })
    try {
      return await run(engine)
    } finally {
      await engine.close()
    }
  }
  return {
    io,
    installation,
    config,
    flags,
    style: styleFor(io.out, io.env),
    errStyle,
    note,
    json: (value) => io.out.write(`${printableJson(value)}\n`),
    withEngine,
    withIndex: (run) => withEngine({ ifMissing: 'fail', threads: false }, run),
  }
}

/** What to tell of a damaged index that is opened all the same. */
export function damageNotice(damage: string): string {
  return `The index is damaged (STORE_CORRUPT): ${damage}. \`gemdex verify\` says what is broken.`
}

/** Says plainly that only words are compared, wherever results of the built-in provider are shown. */
export function noteIfLexical(context: Context, provider: string | undefined): void {
  if (provider !== 'local') return
  if (context.config.apiKey !== undefined && context.config.embedder !== 'local') {
    context.note(
      context.errStyle.dim(
        'This index was made without a key: it compares words, not meaning. To search by meaning, `gemdex migrate --embedder gemini` brings it to Gemini.',
      ),
    )
    return
  }
  context.note(
    context.errStyle.dim(
      'Built-in lexical provider: this compares words, not meaning. Set GOOGLE_API_KEY before making an index to search by meaning.',
    ),
  )
}
