import { extractors } from '../../src/extract/extract.js'
import { type Extraction, type Extractor, isSkipped, type Skipped } from '../../src/extract/extractor.js'
import type { Location } from '../../src/types.js'
import { expectSound, limits } from './expect-sound.js'

type Limits = typeof limits

/** What an extractor makes of a file; whatever it gives must be sound. */
export async function readOffice(
  extractor: Extractor,
  bytes: Uint8Array,
  changed: Partial<Limits> = {},
): Promise<Extraction> {
  const result = await extractor.extract(bytes, { name: 'file', limits: { ...limits, ...changed } })
  if (isSkipped(result)) throw new Error(`skipped as ${result.skipped}: ${result.message}`)
  expectSound(result)
  return result
}

/** Why a file is skipped, whether the extractor says or throws it. */
export async function skipOf(extractor: Extractor, bytes: Uint8Array): Promise<Pick<Skipped, 'skipped'>> {
  try {
    const result = await extractor.extract(bytes, { name: 'file', limits })
    return { skipped: isSkipped(result) ? result.skipped : 'EMPTY' }
  } catch (thrown) {
    return { skipped: (thrown as { reason: Skipped['skipped'] }).reason }
  }
}

/** `kind text` of each block, headings with their level; `<...>` for names without words in the text. */
export function blocksOf({ text, blocks }: Extraction): string[] {
  return blocks.map(({ kind, level, start, end, heading }) =>
    start === end ? `${kind}${level} <${heading}>` : `${kind}${level ?? ''} ${text.slice(start, end)}`,
  )
}

/** The place of the first block that holds these words. */
export function placeOf({ text, blocks }: Extraction, words: string): Location | undefined {
  return blocks.find(({ start, end }) => text.slice(start, end).includes(words))?.location
}

export function formatOf(name: string, bytes: Uint8Array): string | undefined {
  return extractors.find((each) => each.accepts({ name, head: bytes.subarray(0, 4096) }))?.format
}
