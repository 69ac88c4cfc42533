import { visible } from '../text/visible.js'
import { createEchoGuard } from './echo-guard.js'
import { filterRun } from './filter-markup.js'
import { keepKnownMarkers, OPEN_MARKER } from './markers.js'

export type AnswerFilterOptions = {
  /** Passages that may be cited: markers above are taken out. */
  readonly passages: number
  /** The request's random mark: a run that holds it is taken out. */
  readonly mark: string
  /** The system instruction: a stretch of it is taken out wherever the answer repeats it. */
  readonly system: string
}

/** Takes an answer piece by piece. What it gives, put together, is the same however the answer was cut. */
export type AnswerFilter = {
  push(piece: string): string
  /** Whether the answer's first letters or digits wait for what follows, and nothing was given yet. */
  readonly isHolding: boolean
  /** Gives them all the same: somebody has waited long enough. Should they become an address, its rest is taken out. */
  release(): string
  /** The rest. Nothing may be pushed any more. */
  end(): string
}

/** Beginnings of what `filterRun` takes for an address. */
const ADDRESS_STARTS =
  'http https ftp ftps ws wss file data javascript vbscript blob mailto xmpp tel www'.split(' ')
/** What is no harm as long as nothing stands beside it. */
const RELEASABLE = /^[A-Za-z0-9]+$/
/** A longer stretch without a blank is no prose: it is looked at in pieces of this length. */
const MAX_RUN_CHARS = 4096
const MAX_MARKER_CHARS = 40

/**
 * What an application may show of a model's answer: no characters that a reader does not see, no links but the markers of
 * the passages given, no pictures, no HTML, nothing of the instructions. A model that obeys a planted text gets no further.
 */
export function createAnswerFilter(options: AnswerFilterOptions): AnswerFilter {
  const guard = createEchoGuard(options.system)
  let pending = ''
  /** Blanks are held until it is known what follows: they go with a marker that goes. */
  let blanks = ''
  let firstWord: 'ahead' | 'under way' | 'over' = 'ahead'
  let hasGiven = false
  /** Letters that were given before it was known what they begin. */
  let released = ''
  /** Half of a surrogate pair at a cut. */
  let half = ''

  function give(text: string): string {
    if (text === '') return ''
    const given = guard.push(blanks + text)
    blanks = ''
    return given
  }

  /** Somebody is waiting for it: its letters are given as they come, unless they may become an address. */
  function takeFirstWord(isLast: boolean): string {
    if (firstWord === 'ahead') pending = pending.trimStart()
    const letters = /^[A-Za-z]*/.exec(pending)?.[0] ?? ''
    const isWhole = isLast || letters.length < pending.length
    if (firstWord === 'ahead' && mayBecomeAddress(letters)) {
      if (isWhole && pending !== '') firstWord = 'over'
      return ''
    }
    firstWord = isWhole ? 'over' : 'under way'
    pending = pending.slice(letters.length)
    return letters
  }

  /** All that is decided; everything when nothing more comes. `behindWord` when the first run goes on a word. */
  function drain(isLast: boolean, behindWord: boolean): string {
    let out = ''
    let at = 0
    while (at < pending.length) {
      const run = takeRun(pending, at)
      if (run === undefined) {
        released = ''
        const character = pending.charAt(at)
        if (/\s/.test(character)) blanks += character
        else out += give(character)
        at++
        continue
      }
      if (at + run.length === pending.length && run.length < MAX_RUN_CHARS && !isLast) break
      const kept =
        released !== ''
          ? filterReleased(run)
          : at === 0 && behindWord
            ? filterBehindWord(run)
            : filterWhole(run)
      if (isMarkerGone(run, kept) && !blanks.includes('\n')) blanks = ''
      out += give(kept)
      at += run.length
    }
    pending = pending.slice(at)
    return out
  }

  function filterWhole(run: string): string {
    if (options.mark !== '' && run.includes(options.mark)) return ''
    return keepKnownMarkers(filterRun(run), options.passages)
  }

  /** The letters before it are given already; what follows them is no beginning of an address. */
  function filterBehindWord(run: string): string {
    return filterWhole(`x${run}`).slice(1)
  }

  /** What is left of a run whose first letters were given: kept apart from them when they belong to what is taken out. */
  function filterReleased(run: string): string {
    const kept = filterWhole(released + run)
    const rest = kept.startsWith(released) ? kept.slice(released.length) : kept && ` ${kept}`
    released = ''
    return rest
  }

  const isHolding = () => !hasGiven && RELEASABLE.test(pending)

  function take(isLast: boolean): string {
    const before = firstWord
    const letters = before === 'over' ? '' : takeFirstWord(isLast)
    const isUnderWay = firstWord === 'under way'
    const given = isUnderWay ? letters : letters + drain(isLast, letters !== '' || before === 'under way')
    hasGiven ||= given !== ''
    return given
  }

  return {
    push(piece) {
      const whole = half + piece
      half = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? ''
      pending += visible(half === '' ? whole : whole.slice(0, -1))
      return take(false)
    },
    get isHolding() {
      return isHolding()
    },
    release() {
      if (!isHolding()) return ''
      firstWord = 'over'
      hasGiven = true
      released = pending
      pending = ''
      return released
    },
    end() {
      return take(true) + guard.end()
    },
  }
}

/** What stood behind a marker that is gone takes its place: `[9].` leaves the full stop without a blank. */
function isMarkerGone(run: string, kept: string): boolean {
  return kept === '' || (run.startsWith('[') && /^[.,;:!?)]/.test(kept))
}

function mayBecomeAddress(letters: string): boolean {
  return ADDRESS_STARTS.some((start) => start.startsWith(letters.toLowerCase()))
}

/** A run, together with the blanks within a marker that is still open: `[1, 2]`. */
function takeRun(text: string, at: number): string | undefined {
  const cut = /^[\x21-\x7e]+/.exec(text.slice(at, at + MAX_RUN_CHARS))?.[0]
  if (cut === undefined) return undefined
  if (!OPEN_MARKER.test(cut)) return cut
  const rest = /^[\s\d,;]*(?:\]|$)/.exec(text.slice(at + cut.length, at + cut.length + MAX_MARKER_CHARS))?.[0]
  return cut + (rest ?? '')
}
