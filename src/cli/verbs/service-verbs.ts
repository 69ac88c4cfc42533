import { type Command, InvalidArgumentError, Option } from 'commander'
import { settings } from '../../settings.js'
import type { Scope } from '../../types.js'
import type { KeyFlags } from '../commands/keys.js'
import type { McpFlags } from '../commands/mcp.js'
import { collect, group, type JsonFlag, type Run } from './run.js'

const SCOPES: readonly Scope[] = ['read', 'write', 'admin']

type AddressFlags = { host?: string; port?: string }

export function addServiceVerbs(program: Command, run: Run): void {
  program
    .command('serve')
    .description('HTTP service, with MCP at /mcp')
    .option('--host <address>', settings.host.summary)
    .option('--port <n>', settings.port.summary)
    .option('--create', 'make an empty index when there is none')
    .action(({ create, ...flags }: AddressFlags & { create?: boolean }) =>
      run(
        () => import('../commands/serve.js'),
        ({ serve }, context) => serve(context, { create: create ?? false }),
        flags,
      ),
    )
  program
    .command('mcp')
    .description('MCP server on standard input and output, for one client')
    .option('-c, --collection <name>', 'only this collection (may be repeated)', collect)
    .action((flags: McpFlags) =>
      run(
        () => import('../commands/mcp.js'),
        ({ mcp }, context) => mcp(context, flags),
      ),
    )
  addKeyVerbs(program, run)
  program
    .command('demo')
    .description('index a folder (default: the sample documents), ask it one question, then serve it')
    .argument('[folder]')
    .option('--question <text>', 'the question to ask')
    .option('--host <address>', settings.host.summary)
    .option('--port <n>', settings.port.summary)
    .action((folder: string | undefined, { question, ...address }: AddressFlags & { question?: string }) =>
      run(
        () => import('../commands/demo.js'),
        ({ demo }, context) => demo(context, folder, question),
        address,
      ),
    )
  program
    .command('models')
    .description('models that the key can use')
    .option('--method <name>', 'only those that offer a method, such as generateContent')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag & { method?: string }) =>
      run(
        () => import('../commands/models.js'),
        ({ models }, context) => models(context, flags),
      ),
    )
  group(program, 'config')
    .description('settings in force')
    .command('get')
    .description('settings in force and where each comes from')
    .argument('[name]', 'one setting')
    .option('--json', 'print as JSON')
    .action((name: string | undefined, flags: JsonFlag) =>
      run(
        () => import('../commands/config-get.js'),
        ({ configGet }, context) => configGet(context, name, flags),
      ),
    )
  program
    .command('doctor')
    .description('check the installation, with advice')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag) =>
      run(
        () => import('../commands/doctor.js'),
        ({ doctor }, context) => doctor(context, flags),
      ),
    )
}

export function addKeyVerbs(program: Command, run: Run): void {
  const keys = group(program, 'keys').description('API keys of the HTTP service')
  keys
    .command('add')
    .description('make a key, and print it this once')
    .argument('<name>', 'who or what it is for')
    .addOption(
      new Option('--scope <scope>', 'what it may do (may be repeated; default: read)')
        .choices(SCOPES)
        .argParser((value, before: readonly string[] | undefined) => collect(checkScope(value), before)),
    )
    .option('-c, --collection <name>', 'only this collection (may be repeated)', collect)
    .option('--no-store', 'do not keep it in the index: print its entry for GEMDEX_API_KEYS')
    .option('--json', 'print as JSON')
    .action((name: string, flags: KeyFlags) =>
      run(
        () => import('../commands/keys.js'),
        ({ addKey }, context) => addKey(context, name, flags),
      ),
    )
  keys
    .command('list')
    .description('the keys there are, without the keys themselves')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag) =>
      run(
        () => import('../commands/keys.js'),
        ({ listKeys }, context) => listKeys(context, flags),
      ),
    )
  keys
    .command('revoke')
    .description('let a key open nothing any more, from the next request on')
    .argument('<id or name>')
    .option('--forget', 'drop all that is known of it; a service without any key is open to this machine')
    .option('--json', 'print as JSON')
    .action((reference: string, flags: JsonFlag & { forget?: boolean }) =>
      run(
        () => import('../commands/keys.js'),
        ({ revokeKey }, context) => revokeKey(context, reference, flags),
      ),
    )
}

function checkScope(value: string): string {
  if (!SCOPES.some((scope) => scope === value))
    throw new InvalidArgumentError(`Allowed choices are ${SCOPES.join(', ')}.`)
  return value
}
