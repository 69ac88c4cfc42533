// Puts the built service under stress, over loopback, and prints a figure for each kind of it:
//
//   npm run stress:http [-- bodies slow overload answers drain sessions --trials 20 --seconds 60]
//
// All kinds when none is named. Exits with 1 when an answer was other than it must be; what are times are printed with their
// bounds and held against them by the reader, since they depend on what else the machine does.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Service, startService } from './http/start-service.js'
import { stressAnswers } from './http/stress-answers.js'
import { stressBodies } from './http/stress-bodies.js'
import { stressDrain } from './http/stress-drain.js'
import { stressOverload } from './http/stress-overload.js'
import { stressSessions } from './http/stress-sessions.js'
import { stressSlow } from './http/stress-slow.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { trials: { type: 'string', default: '20' }, seconds: { type: 'string', default: '60' } },
})
const folder = mkdtempSync(join(tmpdir(), 'gemdex-stress-'))
const env = { HOME: folder, GEMDEX_DB: join(folder, 'index.db'), GEMDEX_LOG_LEVEL: 'error' }
/** What the service has of its requests is read in its log. */
const logging = { GEMDEX_LOG_LEVEL: 'info' }

const kinds: Readonly<Record<string, () => Promise<boolean>>> = {
  bodies: () => withService(stressBodies, logging),
  slow: () => withService(stressSlow),
  overload: () => withService((service) => stressOverload(service, Number(values.seconds)), logging),
  answers: () => stressAnswers({ ...env, ...logging }),
  drain: () => stressDrain(env, Number(values.trials)),
  sessions: () => stressSessions(env),
}

try {
  spawnSync(process.execPath, ['dist/main.js', 'index', 'data/sample'], { env: { ...process.env, ...env } })
  for (const kind of positionals.length === 0 ? Object.keys(kinds) : positionals)
    if (!(await kinds[kind]?.())) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function withService(
  stress: (service: Service) => Promise<boolean>,
  more: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const service = await startService({ ...env, ...more })
  try {
    return await stress(service)
  } finally {
    await service.stop()
  }
}
