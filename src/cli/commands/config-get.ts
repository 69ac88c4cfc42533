import { type Config, generatorProvider, newIndexProvider } from '../../config.js'
import { GemdexError } from '../../errors.js'
import { type SettingName, settings } from '../../settings.js'
import type { Context } from '../context.js'
import { DONE } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { formatTable } from '../style.js'

/** `config get [name]`: settings in force and where each comes from. Secrets are never shown. */
export function configGet(context: Context, name: string | undefined, flags: { json?: boolean }): ExitCode {
  const names = Object.keys(settings) as SettingName[]
  if (name !== undefined && !names.includes(name as SettingName)) {
    throw new GemdexError('BAD_INPUT', `There is no setting "${name}"`, {
      hint: `There are: ${names.join(', ')}.`,
      field: 'name',
    })
  }
  const unset = defaultsOf(context.config)
  const entries = names
    .filter((candidate) => name === undefined || candidate === name)
    .map((candidate) => ({
      name: candidate,
      value: shownValue(context, candidate),
      source: context.config.sources[candidate] ?? 'not set',
      ...(context.config[candidate] === undefined ? { default: unset[candidate] } : {}),
      env: settings[candidate].env.join(' or '),
    }))
  if (flags.json) context.json(entries)
  else {
    const rows = entries.map(({ name, value, source, default: otherwise, env }) => [
      name,
      textOf(value ?? otherwise ?? '-'),
      otherwise === undefined ? source : 'default',
      env,
    ])
    context.io.out.write(formatTable([['SETTING', 'VALUE', 'FROM', 'ENVIRONMENT'], ...rows]))
  }
  return DONE
}

/**
 * What is in force for settings that are not set and whose default is not a value of the config. Of the others nothing is sent, or
 * nobody is named.
 */
export function defaultsOf(config: Config): Partial<Record<SettingName, string | number>> {
  return {
    geminiBaseUrl: 'https://generativelanguage.googleapis.com',
    embedder: newIndexProvider(config),
    dimensions: "the model's own",
    generator: generatorProvider(config),
    candidates: 1,
    embedRpm: 100,
    embedTpm: 30_000,
    embedRpd: 1000,
    rpm: 60,
    tpm: 'none',
    rpd: 'none',
    keyRpm: 1000,
    keepGaps: 'no',
  }
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value)
}

function shownValue({ config }: Context, name: SettingName): unknown {
  const value = config[name]
  if (value === undefined) return null
  return 'secret' in settings[name] ? 'set (not shown)' : value
}
