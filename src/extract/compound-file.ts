import { SkipError } from './extractor.js'

/** Offsets in the header and in the entries of the directory, by [MS-CFB] 2.2 and 2.6.1. */
const HEADER_BYTES = 512
const ENTRY_BYTES = 128
const FAT_SECTORS_IN_HEADER = 109
/** Streams below this size lie in the mini stream. */
const MIN_FULL_STREAM_BYTES = 4096
const NONE = -1

type Sectors = { readonly view: DataView; readonly size: number; readonly count: number }

/**
 * Checks an OLE compound file ([MS-CFB]) before a library follows its chains: none may lead in a circle, and no stream be
 * larger than the file. Libraries that read such files go on for ever else. Throws SkipError PARSE_ERROR.
 */
export function checkCompoundFile(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < HEADER_BYTES) throw broken('it is too short')
  const size = view.getUint16(30, true) === 12 ? 4096 : 512
  const sectors = { view, size, count: Math.ceil((view.byteLength - size) / size) }
  const header = (offset: number) => view.getInt32(offset, true)
  const fat = readTable(sectors, listFatSectors(sectors, header(44), header(68), header(72)))
  const miniFat = readTable(sectors, followChain(fat, header(60)))
  if (header(64) > sectors.count) throw broken('a table is larger than the file')
  const directory = followChain(fat, header(48)).flatMap((sector) => readEntries(sectors, sector))
  checkTree(directory)
  for (const [i, { start, bytes: length }] of directory.entries()) {
    if (length > view.byteLength) throw broken('a part of it is larger than the file')
    followChain(i === 0 || length >= MIN_FULL_STREAM_BYTES ? fat : miniFat, start)
  }
}

function broken(why: string): SkipError {
  return new SkipError('PARSE_ERROR', `It is no sound Outlook message: ${why}`)
}

/** The sectors that hold the file allocation table: 109 stand in the header, further ones in sectors of their own. */
function listFatSectors(sectors: Sectors, count: number, more: number, moreCount: number): number[] {
  if (count < 0 || count > sectors.count || moreCount > sectors.count)
    throw broken('a table is larger than the file')
  const list = Array.from({ length: Math.min(count, FAT_SECTORS_IN_HEADER) }, (_, i) =>
    sectors.view.getInt32(76 + i * 4, true),
  )
  let sector = more
  for (let i = 0; i < moreCount && isSector(sectors, sector); i++) {
    const entries = readTable(sectors, [sector])
    list.push(...entries.slice(0, -1))
    sector = entries.at(-1) ?? NONE
  }
  return list.slice(0, count)
}

function isSector({ count }: Sectors, sector: number): boolean {
  return sector >= 0 && sector < count
}

/** The numbers that stand in sectors; those beyond the end of the file hold none. */
function readTable(sectors: Sectors, list: readonly number[]): number[] {
  const { view, size } = sectors
  return list.flatMap((sector) => {
    if (!isSector(sectors, sector)) return Array.from({ length: size / 4 }, () => NONE)
    const start = (sector + 1) * size
    const length = Math.floor(Math.min(size, view.byteLength - start) / 4)
    return Array.from({ length }, (_, i) => view.getInt32(start + i * 4, true))
  })
}

/** The sectors of a chain, up to its end. */
function followChain(table: readonly number[], start: number): number[] {
  const chain: number[] = []
  for (let at = start; at >= 0 && at < table.length; at = table[at] ?? NONE) {
    if (chain.push(at) > table.length) throw broken('its parts lead in a circle')
  }
  return chain
}

type Entry = {
  readonly neighbours: readonly number[]
  readonly child: number
  readonly start: number
  readonly bytes: number
}

function readEntries({ view, size }: Sectors, sector: number): Entry[] {
  const entries: Entry[] = []
  const begin = (sector + 1) * size
  for (let at = begin; at + ENTRY_BYTES <= Math.min(begin + size, view.byteLength); at += ENTRY_BYTES) {
    const number = (offset: number) => view.getInt32(at + offset, true)
    entries.push({
      neighbours: [number(68), number(72)],
      child: number(76),
      start: number(116),
      bytes: view.getUint32(at + 120, true),
    })
  }
  return entries
}

/** Each entry may be met once on the way from the root through children and neighbours. */
function checkTree(directory: readonly Entry[]): void {
  const met = new Set<number>()
  const open = [0]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const entry = directory[index]
    if (entry === undefined || met.has(index)) throw broken('its directory leads nowhere')
    met.add(index)
    open.push(...[...entry.neighbours, entry.child].filter((next) => next !== NONE))
  }
}
