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
  const entries = names
    .filter((candidate) => name === undefined || candidate === name)
    .map((candidate) => ({
      name: candidate,
      value: shownValue(context, candidate),
      source: context.config.sources[candidate] ?? 'not set',
      env: settings[candidate].env.join(' or '),
    }))
  if (flags.json) context.json(entries)
  else {
    const rows = entries.map(({ name, value, source, env }) => [
      name,
      value === null ? '-' : Array.isArray(value) ? JSON.stringify(value) : String(value),
      source,
      env,
    ])
    context.io.out.write(formatTable([['SETTING', 'VALUE', 'FROM', 'ENVIRONMENT'], ...rows]))
  }
  return DONE
}

function shownValue({ config }: Context, name: SettingName): unknown {
  const value = config[name]
  if (value === undefined) return null
  return 'secret' in settings[name] ? 'set (not shown)' : value
}
