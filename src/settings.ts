import { isIP } from 'node:net'
import { GemdexError } from './errors.js'
import type { ConfiguredKey, Scope } from './types.js'

/** One setting: where it may come from and how its text is read. */
export type Setting<T> = {
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[]
  readonly summary: string
  readonly secret?: boolean
  /** Whether a `gemdex.config.json` found in the working tree may set it. */
  readonly project: boolean
  /** Throws a GemdexError naming the setting and the value when the text does not fit. */
  readonly parse: (text: string, name: string) => T
}

function setting<T>(
  env: string | readonly string[],
  project: boolean,
  summary: string,
  parse: Setting<T>['parse'],
): Setting<T> {
  return { env: typeof env === 'string' ? [env] : env, project, summary, parse }
}

const text = (value: string): string => value
/** Google writes names with this prefix in some places and without it in others. */
const modelId = (value: string): string => value.trim().replace(/^models\//, '')
const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
const providers = ['gemini', 'local'] as const

/** Every setting, in the order `config get` prints them. Names are those of the config file. */
export const settings = {
  db: setting('GEMDEX_DB', false, 'index file', text),
  apiKey: {
    ...setting(
      ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
      false,
      'key for the Gemini API; without one gemdex works by words alone',
      text,
    ),
    secret: true,
  },
  geminiBaseUrl: setting('GEMINI_BASE_URL', false, 'address of the Gemini API, for proxies', parseUrl),
  embedder: setting(
    'GEMDEX_EMBEDDER',
    true,
    'gemini or local; decides for a new index only',
    oneOf(providers),
  ),
  embeddingModel: setting('GEMDEX_EMBEDDING_MODEL', true, 'embedding model of a new index', modelId),
  dimensions: setting(
    'GEMDEX_DIMENSIONS',
    true,
    'length of the vectors of a new index',
    wholeNumber(1, 8192),
  ),
  generator: setting('GEMDEX_GENERATOR', true, 'gemini or local: who answers', oneOf(providers)),
  model: setting('GEMDEX_MODEL', true, 'model that answers', modelId),
  maxOutputTokens: setting(
    'GEMDEX_MAX_OUTPUT_TOKENS',
    true,
    'limit of an answer, thinking included',
    wholeNumber(1, 1_000_000),
  ),
  stopSequences: setting(
    'GEMDEX_STOP_SEQUENCES',
    true,
    'texts that end an answer, comma-separated, at most 5',
    list(5),
  ),
  candidates: setting(
    'GEMDEX_CANDIDATES',
    true,
    'answers asked for at once; the first is shown',
    wholeNumber(1, 8),
  ),
  temperature: setting(
    'GEMDEX_TEMPERATURE',
    true,
    'sent only when set; newer models ignore it',
    decimal(0, 2),
  ),
  topP: setting('GEMDEX_TOP_P', true, 'sent only when set; newer models ignore it', decimal(0, 1)),
  topK: setting('GEMDEX_TOP_K', true, 'sent only when set; newer models ignore it', wholeNumber(1, 1000)),
  safety: setting('GEMDEX_SAFETY', true, 'category=threshold, comma-separated', parseSafety),
  embedRpm: setting('GEMDEX_EMBED_RPM', true, 'texts a minute that the embedding quota allows', atLeastOne),
  embedTpm: setting('GEMDEX_EMBED_TPM', true, 'tokens a minute that the embedding quota allows', atLeastOne),
  embedRpd: setting('GEMDEX_EMBED_RPD', true, 'texts a day that the embedding quota allows', atLeastOne),
  rpm: setting('GEMDEX_RPM', true, 'requests a minute that the quota for answers allows', atLeastOne),
  tpm: setting('GEMDEX_TPM', true, 'tokens a minute that the quota for answers allows', atLeastOne),
  rpd: setting('GEMDEX_RPD', true, 'requests a day that the quota for answers allows', atLeastOne),
  prices: setting(
    'GEMDEX_PRICES',
    true,
    'model=USD per million tokens, comma-separated, over the list prices',
    text,
  ),
  concurrency: setting(
    'GEMDEX_CONCURRENCY',
    true,
    'embedding requests under way at once',
    wholeNumber(1, 64),
  ),
  host: setting('GEMDEX_HOST', false, 'address `serve` listens on', text),
  port: setting('GEMDEX_PORT', true, 'port `serve` listens on', wholeNumber(0, 65_535)),
  apiKeys: {
    ...setting(
      'GEMDEX_API_KEYS',
      false,
      'keys of the service, as `gemdex keys add --no-store` prints them, comma-separated',
      parseApiKeys,
    ),
    secret: true,
  },
  keyRpm: setting('GEMDEX_KEY_RPM', false, 'requests a minute that each key may make', atLeastOne),
  allowedRoots: setting(
    'GEMDEX_ALLOWED_ROOTS',
    false,
    'folders that clients of the service may have indexed, comma-separated',
    list(100),
  ),
  allowedHosts: setting(
    'GEMDEX_ALLOWED_HOSTS',
    false,
    'names, besides those of this machine, that the service is addressed by, comma-separated',
    list(100),
  ),
  corsOrigins: setting(
    'GEMDEX_CORS_ORIGINS',
    false,
    'web pages that may use the service, such as https://wiki.example.org, comma-separated',
    list(100, parseOrigin),
  ),
  trustedProxies: setting(
    'GEMDEX_TRUSTED_PROXIES',
    false,
    'addresses of reverse proxies whose X-Forwarded-For is believed, comma-separated',
    list(100, parseAddress),
  ),
  keepGaps: setting(
    'GEMDEX_KEEP_GAPS',
    false,
    'yes keeps the text of questions that were refused or found nothing, to be seen in `status`',
    yesOrNo,
  ),
  logLevel: setting('GEMDEX_LOG_LEVEL', true, `one of ${logLevels.join(', ')}`, oneOf(logLevels)),
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof settings
export type SettingValues = { readonly [Name in SettingName]?: ReturnType<(typeof settings)[Name]['parse']> }

function bad(name: string, value: string, wanted: string): GemdexError {
  return new GemdexError('BAD_CONFIG', `${name} must be ${wanted}, not "${value}"`, { field: name })
}

function oneOf<const T extends string>(values: readonly T[]) {
  return (value: string, name: string): T => {
    const found = values.find((candidate) => candidate === value)
    if (found === undefined) throw bad(name, value, `one of ${values.join(', ')}`)
    return found
  }
}

function wholeNumber(least: number, most: number) {
  return (value: string, name: string): number => {
    const number = Number(value)
    if (value.trim() === '' || !Number.isInteger(number) || number < least || number > most) {
      throw bad(name, value, `a whole number from ${least} to ${most}`)
    }
    return number
  }
}

/** A limit; `none` is no limit. */
function atLeastOne(value: string, name: string): number {
  return value === 'none' ? Number.POSITIVE_INFINITY : wholeNumber(1, 1_000_000_000)(value, name)
}

function yesOrNo(value: string, name: string): boolean {
  if (['yes', 'true', '1'].includes(value)) return true
  if (['no', 'false', '0'].includes(value)) return false
  throw bad(name, value, 'yes or no')
}

function decimal(least: number, most: number) {
  return (value: string, name: string): number => {
    const number = Number(value)
    if (value.trim() === '' || !(number >= least && number <= most))
      throw bad(name, value, `a number from ${least} to ${most}`)
    return number
  }
}

function list(most: number, parse: Setting<string>['parse'] = text) {
  return (value: string, name: string): readonly string[] => {
    const items = value.split(',').filter((item) => item !== '')
    if (items.length > most) throw bad(name, value, `at most ${most} texts`)
    return items.map((item) => parse(item, name))
  }
}

function parseOrigin(value: string, name: string): string {
  const origin = value.trim()
  if (!URL.canParse(origin) || new URL(origin).origin !== origin.toLowerCase() || !/^https?:/i.test(origin))
    throw bad(name, value, 'origins of web pages, such as https://wiki.example.org')
  return origin.toLowerCase()
}

function parseAddress(value: string, name: string): string {
  const [address = '', bits, ...rest] = value.trim().split('/')
  const kind = isIP(address)
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128))
  if (kind === 0 || !fits || rest.length > 0)
    throw bad(name, value, 'IP addresses or networks, such as 10.0.0.0/8')
  return value.trim()
}

const SCOPES: readonly Scope[] = ['read', 'write', 'admin']

/** `name:scopes:hash` or `name:scopes:collections:hash`; several scopes or collections are joined by `+`. */
function parseApiKeys(value: string, name: string): readonly ConfiguredKey[] {
  const entries = value.split(',').filter((entry) => entry.trim() !== '')
  const keys = entries.map((entry, i): ConfiguredKey => {
    // The value is not repeated: somebody may have put a key itself there.
    const wanted = `name:scopes:hash entries as \`gemdex keys add --no-store\` prints them; entry ${i + 1} is none`
    const [label = '', scopes = '', ...rest] = entry.trim().split(':')
    const hash = rest.at(-1) ?? ''
    const named = scopes.split('+').map((scope) => SCOPES.find((known) => known === scope))
    const known = named.filter((scope) => scope !== undefined)
    if (label === '' || rest.length > 2 || known.length < named.length || !/^[0-9a-f]{64}$/i.test(hash))
      throw new GemdexError('BAD_CONFIG', `${name} must hold ${wanted}`, { field: name })
    const collections = rest.length === 2 ? { collections: (rest[0] ?? '').split('+').map(decode) } : {}
    return { name: decode(label), scopes: known, ...collections, hash: hash.toLowerCase() }
  })
  const repeated = keys.find((key, i) => keys.findIndex((other) => other.name === key.name) !== i)
  if (repeated !== undefined)
    throw new GemdexError('BAD_CONFIG', `${name} holds two keys named "${repeated.name}"`, { field: name })
  return keys
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parseUrl(value: string, name: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw bad(name, value, 'an http or https address')
  return value.replace(/\/+$/, '')
}

const CATEGORIES = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT', 'CIVIC_INTEGRITY']
const THRESHOLDS = ['BLOCK_LOW_AND_ABOVE', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_ONLY_HIGH', 'BLOCK_NONE', 'OFF']

/** `harassment=block_only_high,...`; the prefix HARM_CATEGORY_ may be left out. */
function parseSafety(
  value: string,
  name: string,
): readonly { readonly category: string; readonly threshold: string }[] {
  const pairs = value.split(',').map((pair) => {
    const [category = '', threshold = ''] = pair.split('=').map((part) => part.trim().toUpperCase())
    const short = category.replace(/^HARM_CATEGORY_/, '')
    if (!CATEGORIES.includes(short))
      throw bad(name, pair, `category=threshold with a category of ${CATEGORIES.join(', ')}`)
    if (!THRESHOLDS.includes(threshold))
      throw bad(name, pair, `category=threshold with a threshold of ${THRESHOLDS.join(', ')}`)
    return { category: `HARM_CATEGORY_${short}`, threshold }
  })
  const repeated = pairs.find(
    ({ category }, i) => pairs.findIndex((pair) => pair.category === category) !== i,
  )
  if (repeated !== undefined)
    throw bad(name, value, `given one threshold per category; ${repeated.category} has two`)
  return pairs
}
