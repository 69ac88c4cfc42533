// Damages a good file of each format in many ways and reads what comes of it:
//
//   npm run fuzz [-- --per-format 2000] [--seed 1] [--format docx]
//
// Prints for each format how many were read, how many were skipped for which reason, the slowest one and the memory of the
// process that reads them. A process that crashes or answers nothing for 20 s is noted with the seed of the mutant, and
// another goes on behind it; the exit code is 1 then. A process of the kind that the program sets apart may end at its memory
// limit: that costs the file, as TOO_LARGE, and is noted too.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chooseExtractor, extractFile } from '#dist/extract/extract.js'
import { defaultExtractLimits } from '#dist/extract/limits.js'
import { goodFiles } from '../test/extract/good-files.js'
import { goodTextFiles } from '../test/extract/good-files-texts.js'
import { mutate } from '../test/extract/mutate.js'

const HANG_MS = 20_000
const HEAP_MB = 512

/** What came of one mutant. */
type Outcome = {
  readonly seed: number
  readonly outcome: string
  readonly ms: number
  readonly peakMb: number
}
type Tally = {
  readonly outcomes: Map<string, number>
  readonly faults: string[]
  readonly atLimit: number[]
  worstMs: number
  worstSeed: number
  peakMb: number
}

const { values } = parseArgs({
  options: {
    'per-format': { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string' },
    child: { type: 'boolean', default: false },
  },
})
const first = Number(values.seed)
const count = Number(values['per-format'])
const allFiles = [...goodFiles, ...goodTextFiles]
const chosen = allFiles.filter(({ format }) => values.format === undefined || format === values.format)
if (chosen.length === 0)
  throw new Error(
    `No format "${values.format}"; there are ${allFiles.map(({ format }) => format).join(', ')}`,
  )
if (values.child) await readMutants()
else await fuzz()

async function fuzz(): Promise<void> {
  let faults = 0
  for (const { format, name, build } of chosen) {
    const tally = await fuzzFormat(format, chooseExtractor(build(), name)?.isIsolated ?? false)
    faults += tally.faults.length
    print(format, tally)
  }
  console.log(faults === 0 ? 'no crash, no hang, no unhandled rejection' : `${faults} faults`)
  process.exitCode = faults === 0 ? 0 : 1
}

async function fuzzFormat(format: string, isIsolated: boolean): Promise<Tally> {
  const tally: Tally = { outcomes: new Map(), faults: [], atLimit: [], worstMs: 0, worstSeed: 0, peakMb: 0 }
  let next = first
  while (next < first + count) next = await followChild(format, isIsolated, next, tally)
  return tally
}

/** Follows a process until it is through, crashes or hangs; gives the seed to go on with. */
function followChild(format: string, isIsolated: boolean, from: number, tally: Tally): Promise<number> {
  const left = first + count - from
  const child = fork(
    fileURLToPath(import.meta.url),
    ['--child', '--format', format, '--seed', String(from), '--per-format', String(left)],
    // Libraries print what they make of damage.
    { execArgv: [`--max-old-space-size=${HEAP_MB}`], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  )
  return new Promise((resolve) => {
    let next = from
    let timer = watch(child)
    child.on('message', (outcome: Outcome) => {
      clearTimeout(timer)
      timer = watch(child)
      note(outcome, tally)
      next = outcome.seed + 1
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      if (code === 0 && next >= from + left) resolve(next)
      else {
        // V8 aborts when its heap is full.
        if (signal === 'SIGABRT' && isIsolated) tally.atLimit.push(next)
        else tally.faults.push(`seed ${next}: ${signal === 'SIGKILL' ? 'hang' : `crash (${signal ?? code})`}`)
        resolve(next + 1)
      }
    })
  })
}

function watch(child: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => child.kill('SIGKILL'), HANG_MS)
}

function note({ seed, outcome, ms, peakMb }: Outcome, tally: Tally): void {
  tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1)
  tally.peakMb = Math.max(tally.peakMb, peakMb)
  if (ms <= tally.worstMs) return
  tally.worstMs = ms
  tally.worstSeed = seed
}

function print(format: string, { outcomes, faults, atLimit, worstMs, worstSeed, peakMb }: Tally): void {
  const reasons = [...outcomes].filter(([outcome]) => outcome !== 'read').toSorted((a, b) => b[1] - a[1])
  const skipped = reasons.map(([reason, number]) => `${reason} ${number}`).join(', ')
  console.log(
    `${format.padEnd(6)} read ${String(outcomes.get('read') ?? 0).padStart(5)}, skipped: ${skipped || 'none'}; ` +
      `worst ${worstMs.toFixed(0)} ms (seed ${worstSeed}), ${peakMb} MB`,
  )
  for (const seed of atLimit)
    console.log(`       seed ${seed}: TOO_LARGE, at the memory limit of its process`)
  for (const fault of faults) console.log(`       ${fault}`)
}

/** In a process of its own. */
async function readMutants(): Promise<void> {
  const [file] = chosen
  if (file === undefined) return
  const bytes = file.build()
  for (let seed = first; seed < first + count; seed++) {
    const mutant = mutate(bytes, seed)
    const start = performance.now()
    const result = await extractFile(mutant, { name: file.name, limits: defaultExtractLimits })
    const outcome: Outcome = {
      seed,
      outcome: 'skipped' in result ? result.skipped : 'read',
      ms: performance.now() - start,
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    }
    await new Promise<void>((resolve) => process.send?.(outcome, () => resolve()))
  }
  process.disconnect?.()
}
