/**
 * What is done to codes, on addresses (in bytes) of one memory. `kernel/codes.ts` says what each does; a code is a row of
 * `words` x 128 bits.
 */
export interface CodeKernel {
  scan(codes: number, slots: number, words: number, query: number, distances: number, histogram: number): void
  scanMarked(
    codes: number,
    slots: number,
    words: number,
    query: number,
    distances: number,
    histogram: number,
    marks: number,
  ): void
  collect(distances: number, slots: number, least: number, most: number, found: number, room: number): number
  collectMarked(
    distances: number,
    slots: number,
    least: number,
    most: number,
    found: number,
    room: number,
    marks: number,
  ): number
  shortfalls(...codes: ShortfallArguments): void
  shortfallsMarked(...codes: [...ShortfallArguments, marks: number]): void
  refine(codes: number, words: number, slots: number, number: number, query: number, products: number): void
  unpack(
    records: number,
    number: number,
    words: number,
    chunks: number,
    documents: number,
    vectors: number,
    scales: number,
    offsets: number,
    codes: number,
  ): void
  rotate(values: number, length: number, size: number, signs: number): void
  quantize(values: number, length: number, numbers: number): number
  encode(values: number, mean: number, length: number, words: number, code: number, sums: number): void
}

type ShortfallArguments = [
  distances: number,
  slots: number,
  scales: number,
  offsets: number,
  bar: number,
  unit: number,
  intercept: number,
  slope: number,
  most: number,
  written: number,
  histogram: number,
]
