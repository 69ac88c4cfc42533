/** Slots of one segment: codes are added to memory by so many at a time. A multiple of 64. */
export const SEGMENT_SLOTS = 65_536

/** Of a record of a passage's code (`packRecord`), what comes before the bits. */
export const RECORD_HEADER_BYTES = 32
/** Records that a thread takes in at a time. */
export const RECORDS = 1024

/** Fewer bits need too many candidates, more are read for nothing: see `docs/performance.md`. */
const MIN_BITS = 512
const MAX_BITS = 1536
/** The scan takes two words of 128 bits at a time. */
const STEP = 256

const HEADER_BYTES = 256

/** How vectors of so many dimensions become codes. */
export type CodeShape = {
  readonly dimensions: number
  /** Components after rotation: the dimensions, padded with zeros. */
  readonly length: number
  /** The size of one Walsh-Hadamard transform: the greatest power of two within the length. */
  readonly transform: number
  /** The first so many components have a bit in the code. */
  readonly bits: number
  /** The code in words of 128 bits, and in bytes. */
  readonly words: number
  readonly codeBytes: number
}

export function shapeOf(dimensions: number): CodeShape {
  const length = Math.max(MIN_BITS, Math.ceil(dimensions / STEP) * STEP)
  const bits = Math.min(length, MAX_BITS)
  return {
    dimensions,
    length,
    transform: 2 ** Math.floor(Math.log2(length)),
    bits,
    words: bits / 128,
    codeBytes: bits / 8,
  }
}

/** Addresses (bytes) of what one thread works with. */
export type LaneLayout = {
  /** A vector on its way to be coded (f32), and its sums. */
  readonly values: number
  readonly sums: number
  /** The query as a code, and as a component of 8 bits for each bit of a code. */
  readonly queryCode: number
  readonly query: number
  /** Distances or shortfalls counted (u32, `bits` + 1 of them). */
  readonly histogram: number
  /** Slots found in a segment (u32), and their products with the query (i32). */
  readonly found: number
  readonly products: number
  /** Records on their way into segments (`packRecord`). */
  readonly records: number
}

/** Addresses of the parts of a segment, each an array over its slots. */
export type SegmentLayout = {
  readonly codes: number
  /** f64: ids. A passage of 0 is a free slot. */
  readonly chunks: number
  readonly documents: number
  readonly vectors: number
  /** f32: see `CodedVector`. */
  readonly scales: number
  readonly offsets: number
  /** Of each lane: distances (u16), by how much codes fall short (u16), and marks (bits). */
  readonly distances: number
  readonly shortfalls: number
  readonly marks: number
}

/** Where everything lies in the memory that threads share: header, tables, a lane for each thread, segments. */
export type CodeLayout = CodeShape & {
  readonly signs: number
  readonly mean: number
  lane(lane: number): LaneLayout
  segment(segment: number, lane: number): SegmentLayout
  /** The end of a memory that holds so many segments. */
  end(segments: number): number
}

export function layoutOf(dimensions: number, lanes: number): CodeLayout {
  const shape = shapeOf(dimensions)
  const { length, transform, bits, codeBytes } = shape
  const signs = HEADER_BYTES
  const mean = signs + (length + 4 * transform) * 4
  const firstLane = mean + length * 4
  const laneParts = place({
    values: length * 4,
    sums: 16,
    queryCode: codeBytes,
    query: bits,
    histogram: (bits + 1) * 4,
    found: SEGMENT_SLOTS * 4,
    products: SEGMENT_SLOTS * 4,
    records: RECORDS * (RECORD_HEADER_BYTES + codeBytes),
  })
  const firstSegment = firstLane + lanes * laneParts.size
  const segmentParts = place({
    codes: SEGMENT_SLOTS * codeBytes,
    chunks: SEGMENT_SLOTS * 8,
    documents: SEGMENT_SLOTS * 8,
    vectors: SEGMENT_SLOTS * 8,
    scales: SEGMENT_SLOTS * 4,
    offsets: SEGMENT_SLOTS * 4,
    distances: lanes * SEGMENT_SLOTS * 2,
    shortfalls: lanes * SEGMENT_SLOTS * 2,
    marks: (lanes * SEGMENT_SLOTS) / 8,
  })
  const laneOf = remember((lane) => shift(laneParts.offsets, firstLane + lane * laneParts.size))
  const segmentOf = remember((index) => {
    const lane = index % lanes
    const parts = shift(segmentParts.offsets, firstSegment + ((index - lane) / lanes) * segmentParts.size)
    return {
      ...parts,
      distances: parts.distances + lane * SEGMENT_SLOTS * 2,
      shortfalls: parts.shortfalls + lane * SEGMENT_SLOTS * 2,
      marks: parts.marks + (lane * SEGMENT_SLOTS) / 8,
    }
  })
  return {
    ...shape,
    signs,
    mean,
    lane: laneOf,
    segment: (segment, lane) => segmentOf(segment * lanes + lane),
    end: (segments) => firstSegment + segments * segmentParts.size,
  }
}

function remember<T>(make: (index: number) => T): (index: number) => T {
  const made: T[] = []
  return (index) => {
    const known = made[index]
    if (known !== undefined) return known
    const value = make(index)
    made[index] = value
    return value
  }
}

type Offsets<T> = { readonly [Name in keyof T]: number }

/** Places parts one after another, each at a multiple of 64 bytes. */
function place<T extends Readonly<Record<string, number>>>(sizes: T): { offsets: Offsets<T>; size: number } {
  const offsets: Record<string, number> = {}
  let size = 0
  for (const [name, bytes] of Object.entries(sizes)) {
    offsets[name] = size
    size += Math.ceil(bytes / 64) * 64
  }
  return { offsets: offsets as Offsets<T>, size }
}

function shift<T extends Readonly<Record<string, number>>>(offsets: T, by: number): Offsets<T> {
  return Object.fromEntries(
    Object.entries(offsets).map(([name, offset]) => [name, offset + by]),
  ) as Offsets<T>
}
