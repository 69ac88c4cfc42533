import { analyse } from 'chardet'
import { decodeBytes } from './decode-bytes.js'
import { plausibility } from './plausibility.js'

/** Statistics are taken over at most this many bytes of lines that hold non-ASCII characters. */
const sampleBytes = 16 * 1024
/** Below this plausibility (0..1) a guess is no text. */
const minPlausibility = 0.7
/** The same where less than `sparseShare` of the bytes are non-ASCII: a few bad bytes are more often damage than accents. */
const minSparsePlausibility = 0.9
const sparseShare = 0.01
/** How far chardet's confidence (0..100) can outweigh plausibility (0..1). */
const confidenceWeight = 0.006

/**
 * What chardet's names may mean, as WHATWG labels. The Windows code pages contain the ISO ones but for a few characters;
 * both are tried where they differ in letters.
 */
const labelsOf: Readonly<Record<string, readonly string[]>> = {
  'ISO-8859-1': ['windows-1252'],
  'ISO-8859-2': ['iso-8859-2', 'windows-1250'],
  'ISO-8859-5': ['iso-8859-5'],
  'ISO-8859-6': ['iso-8859-6'],
  'ISO-8859-7': ['iso-8859-7', 'windows-1253'],
  'ISO-8859-8': ['windows-1255'],
  'ISO-8859-9': ['windows-1254'],
  'windows-1250': ['windows-1250', 'iso-8859-2'],
  'windows-1251': ['windows-1251'],
  'windows-1252': ['windows-1252'],
  'windows-1253': ['windows-1253', 'iso-8859-7'],
  'windows-1254': ['windows-1254'],
  'windows-1255': ['windows-1255'],
  'windows-1256': ['windows-1256'],
  'windows-1257': ['windows-1257'],
  'windows-1258': ['windows-1258'],
  'windows-874': ['windows-874'],
  'KOI8-R': ['koi8-r'],
  Shift_JIS: ['shift_jis'],
  'EUC-JP': ['euc-jp'],
  'EUC-KR': ['euc-kr'],
  Big5: ['big5'],
  GB18030: ['gb18030'],
}

/** Always tried, as chardet can miss them in short texts. The first wins a tie. */
const alwaysTried = [
  'windows-1252',
  'windows-1251',
  'koi8-r',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  // A short East Asian text in UTF-16 may hold no NUL byte.
  'utf-16le',
  'utf-16be',
]

/**
 * Decodes bytes that are not Unicode by the encoding most likely by chardet's letter statistics and by how plausible the
 * decoded words are; undefined when none makes text.
 */
export function decodeLegacy(bytes: Uint8Array): { text: string; encoding: string } | undefined {
  const sample = sampleOf(bytes)
  const best = rank(sample)[0]
  const needed = highShare(bytes) < sparseShare ? minSparsePlausibility : minPlausibility
  if (best === undefined || best.plausibility < needed) return undefined
  return { text: decodeBytes(best.encoding, bytes), encoding: best.encoding }
}

type Guess = { readonly encoding: string; readonly plausibility: number; readonly score: number }

function rank(sample: Uint8Array): Guess[] {
  const confidences = new Map<string, number>(alwaysTried.map((encoding) => [encoding, 0]))
  for (const { name, confidence } of analyse(sample)) {
    for (const encoding of labelsOf[name] ?? []) {
      confidences.set(encoding, Math.max(confidences.get(encoding) ?? 0, confidence))
    }
  }
  const guesses = [...confidences].map(([encoding, confidence]) => {
    const plausible = plausibility(decodeBytes(encoding, sample))
    return { encoding, plausibility: plausible, score: plausible + confidence * confidenceWeight }
  })
  return guesses.sort((a, b) => b.score - a.score)
}

function highShare(bytes: Uint8Array): number {
  let high = 0
  for (const byte of bytes) if (byte >= 0x80) high++
  return high / bytes.length
}

/** The lines with bytes above ASCII: a long English file with one name in it is decided by that name. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= sampleBytes) return bytes
  const sample = new Uint8Array(sampleBytes)
  let filled = 0
  let lineStart = 0
  while (lineStart < bytes.length && filled < sampleBytes) {
    const newline = bytes.indexOf(0x0a, lineStart)
    const lineEnd = newline < 0 ? bytes.length : newline + 1
    const line = bytes.subarray(lineStart, lineEnd)
    const firstHigh = line.findIndex((byte) => byte >= 0x80)
    if (firstHigh >= 0) {
      // In one very long line, what matters may begin far behind its start.
      const from = firstHigh > sampleBytes / 2 ? firstHigh : 0
      const part = line.subarray(from, from + sampleBytes - filled)
      sample.set(part, filled)
      filled += part.length
    }
    lineStart = lineEnd
  }
  return sample.subarray(0, filled)
}
