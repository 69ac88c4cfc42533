import type { Box } from './pdf-matrix.js'
import { type Frame, unitVector, type Word } from './pdf-words.js'

/** Pictures smaller than this, in points, have no words in them. */
const minPictureSide = 10
/** Scans are put together from a few pictures. */
const maxPictures = 200
/** Points by which the words of a scan may lie beside its picture. */
const margin = 5

/** Type smaller than this share of the page's shorter side is read by nobody: 1.5 points on a sheet of paper. */
const smallestType = 1 / 400

export type Seen = {
  /** In 1/72 inch. */
  readonly width: number
  readonly height: number
  readonly pictures: readonly Box[]
  readonly hasDrawings: boolean
}

/**
 * Leaves out text that is not drawn (text rendering mode 3) or too small to be seen, but where it lies on a picture: then it
 * is what the reader sees there, as in scanned pages whose text was recognised. On a page that shows drawings and no other
 * text at all it is kept too.
 */
export function visibleWords(
  frames: readonly Frame[],
  { pictures, hasDrawings, width, height }: Seen,
): { readonly frames: readonly Frame[]; readonly hasHiddenText: boolean } {
  const smallest = smallestType * Math.min(width, height)
  const isUnseen = (word: Word) => word.isInvisible || word.size < smallest
  const all = frames.flatMap(({ words }) => words)
  if (!all.some(isUnseen)) return { frames, hasHiddenText: false }
  const scans = pictures
    .filter(({ x0, y0, x1, y1 }) => x1 - x0 > minPictureSide && y1 - y0 > minPictureSide)
    .slice(0, maxPictures)
  const isDrawn = scans.length === 0 && hasDrawings && all.every(isUnseen)
  if (isDrawn) return { frames, hasHiddenText: false }
  let hasHiddenText = false
  const kept = frames.map(({ degrees, words }) => ({
    degrees,
    words: words.filter((word) => {
      const isSeen = !isUnseen(word) || scans.some((scan) => liesOn(scan, word, degrees))
      if (!isSeen) hasHiddenText = true
      return isSeen
    }),
  }))
  return { frames: kept.filter(({ words }) => words.length > 0), hasHiddenText }
}

/** Whether the middle of a word lies on a picture. */
function liesOn(scan: Box, word: Word, degrees: number): boolean {
  const [cos, sin] = unitVector(degrees)
  const along = (word.x0 + word.x1) / 2
  const across = word.y - word.size / 3
  const x = along * cos - across * sin
  const y = along * sin + across * cos
  return x > scan.x0 - margin && x < scan.x1 + margin && y > scan.y0 - margin && y < scan.y1 + margin
}
