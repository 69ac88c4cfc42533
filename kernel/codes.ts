/**
 * The kernel of the vector search, in AssemblyScript: a scan of one-bit codes by Hamming distance, the refinement of what
 * it finds, and the making of codes. Every function works on the shared memory that the host imports, at addresses it
 * gives; nothing is allocated here. `portable-kernel.ts` says the same in JavaScript, bit for bit.
 *
 * A code is a row of `words` x 128 bits; `words` is even, from 2 to 12. Codes lie one after another.
 */

/** What stands for a slot that was not looked at; no code is so far away. */
const UNSEEN: i16 = -1

/** Sixteen sums of the bits in which a code differs from the query. `words` is even, at most 30: no byte overflows. */
function difference(code: usize, query: usize, words: i32): v128 {
  let sums = i8x16.splat(0)
  for (let word = 0; word < words; word += 2, code += 32, query += 32) {
    const a = i8x16.popcnt(v128.xor(v128.load(code), v128.load(query)))
    const b = i8x16.popcnt(v128.xor(v128.load(code, 16), v128.load(query, 16)))
    sums = i8x16.add(sums, i8x16.add(a, b))
  }
  return sums
}

/** Sixteen bytes summed up to four numbers of 32 bits. */
function quarters(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes))
}

/** Writes the distances of four codes, given the byte sums of each, and counts them. */
function record(a: v128, b: v128, c: v128, d: v128, distances: usize, histogram: usize): void {
  const ab = i16x8.narrow_i32x4_u(quarters(a), quarters(b))
  const cd = i16x8.narrow_i32x4_u(quarters(c), quarters(d))
  const halves = i16x8.narrow_i32x4_u(i32x4.extadd_pairwise_i16x8_u(ab), i32x4.extadd_pairwise_i16x8_u(cd))
  const sums = i32x4.extadd_pairwise_i16x8_u(halves)
  v128.store64_lane(distances, i16x8.narrow_i32x4_u(sums, sums), 0)
  count(histogram, i32x4.extract_lane(sums, 0), 1)
  count(histogram, i32x4.extract_lane(sums, 1), 1)
  count(histogram, i32x4.extract_lane(sums, 2), 1)
  count(histogram, i32x4.extract_lane(sums, 3), 1)
}

function count(histogram: usize, distance: u32, by: i32): void {
  const at = histogram + (usize(distance) << 2)
  store<i32>(at, load<i32>(at) + by)
}

/**
 * Writes the Hamming distance (u16) of each of `slots` codes to a query's and counts distances in `histogram` (u32). Reads
 * and writes up to the next multiple of four slots; those beyond `slots` come out as UNSEEN and are not counted.
 */
export function scan(
  codes: usize,
  slots: i32,
  words: i32,
  query: usize,
  distances: usize,
  histogram: usize,
): void {
  const rounded = (slots + 3) & ~3
  const size = usize(words) << 4
  for (let slot = 0; slot < rounded; slot += 4, codes += size << 2) {
    record(
      difference(codes, query, words),
      difference(codes + size, query, words),
      difference(codes + 2 * size, query, words),
      difference(codes + 3 * size, query, words),
      distances + (usize(slot) << 1),
      histogram,
    )
  }
  for (let slot = slots; slot < rounded; slot++) forget(distances + (usize(slot) << 1), histogram)
}

function forget(distance: usize, histogram: usize): void {
  count(histogram, load<u16>(distance), -1)
  store<i16>(distance, UNSEEN)
}

/** Marks of 64 slots at once: from so many on, all are scanned and the others forgotten. */
const DENSE: u64 = 12

/** The same for the slots whose bit is set in `marks`. Of 64 slots without a mark nothing is written, others come out as UNSEEN. */
export function scanMarked(
  codes: usize,
  slots: i32,
  words: i32,
  query: usize,
  distances: usize,
  histogram: usize,
  marks: usize,
): void {
  const size = usize(words) << 4
  for (let first = 0; first < slots; first += 64, marks += 8) {
    const at = distances + (usize(first) << 1)
    const code = codes + usize(first) * size
    let wanted = load<u64>(marks)
    if (wanted === 0) continue
    if (slots - first < 64) wanted &= (u64(1) << (slots - first)) - 1
    if (popcnt(wanted) >= DENSE) {
      scan(code, min(64, slots - first), words, query, at, histogram)
      for (let others = ~wanted; others !== 0; others &= others - 1) {
        const slot = i32(ctz(others))
        if (first + slot < slots) forget(at + (usize(slot) << 1), histogram)
      }
      continue
    }
    memory.fill(at, 0xff, 128)
    for (; wanted !== 0; wanted &= wanted - 1) {
      const slot = usize(ctz(wanted))
      const sums = quarters(difference(code + slot * size, query, words))
      const distance =
        i32x4.extract_lane(sums, 0) +
        i32x4.extract_lane(sums, 1) +
        i32x4.extract_lane(sums, 2) +
        i32x4.extract_lane(sums, 3)
      store<u16>(at + (slot << 1), u16(distance))
      count(histogram, distance, 1)
    }
  }
}

/** Writes the slots (u32, ascending) with a distance from `least` to `most`, at most `room`; gives their number. */
export function collect(distances: usize, slots: i32, least: i32, most: i32, found: usize, room: i32): i32 {
  const from = i16x8.splat(i16(least))
  const to = i16x8.splat(i16(most))
  let number = 0
  for (let first = 0; first < slots; first += 8) {
    const eight = v128.load(distances + (usize(first) << 1))
    let within = i16x8.bitmask(v128.and(i16x8.ge_u(eight, from), i16x8.le_u(eight, to)))
    for (; within !== 0; within &= within - 1) {
      const slot = first + ctz(within)
      if (slot >= slots || number === room) return number
      store<u32>(found + (usize(number) << 2), slot)
      number++
    }
  }
  return number
}

/** The same after `scanMarked`, of the slots that it looked at. */
export function collectMarked(
  distances: usize,
  slots: i32,
  least: i32,
  most: i32,
  found: usize,
  room: i32,
  marks: usize,
): i32 {
  let number = 0
  for (let first = 0; first < slots; first += 64, marks += 8) {
    if (load<u64>(marks) === 0) continue
    const at = found + (usize(number) << 2)
    const more = collect(
      distances + (usize(first) << 1),
      min(64, slots - first),
      least,
      most,
      at,
      room - number,
    )
    for (let i = number; i < number + more; i++) {
      const slot = found + (usize(i) << 2)
      store<u32>(slot, load<u32>(slot) + first)
    }
    number += more
  }
  return number
}

/** What a scale of nothing counts as: all that is beyond it is far away. */
const LEAST_SCALE: f32 = 1e-30

/** By how much four passages fall short (see `shortfalls`), given their distances. */
function fourShort(
  distances: v128,
  scales: usize,
  offsets: usize,
  bar: f32,
  unit: f32,
  intercept: f32,
  slope: f32,
): v128 {
  const sizes = f32x4.mul(v128.load(scales), f32x4.splat(unit))
  const needed = f32x4.div(
    f32x4.sub(f32x4.splat(bar), v128.load(offsets)),
    f32x4.max(sizes, f32x4.splat(LEAST_SCALE)),
  )
  const expected = f32x4.add(
    f32x4.splat(intercept),
    f32x4.mul(f32x4.splat(slope), f32x4.convert_i32x4_u(distances)),
  )
  return i32x4.trunc_sat_f32x4_s(f32x4.max(f32x4.sub(needed, expected), f32x4.splat(0)))
}

/**
 * Writes by how much (u16, rounded down, at least 0) each of `slots` codes with a distance other than UNSEEN falls short:
 *
 *     (bar - offset) / (scale * unit) - (intercept + slope * distance)
 *
 * and counts those up to `most` in `histogram` (u32). Reads and writes up to the next multiple of eight slots.
 */
export function shortfalls(
  distances: usize,
  slots: i32,
  scales: usize,
  offsets: usize,
  bar: f32,
  unit: f32,
  intercept: f32,
  slope: f32,
  most: i32,
  written: usize,
  histogram: usize,
): void {
  const unseen = i16x8.splat(UNSEEN)
  const limit = i16x8.splat(i16(most))
  for (let first = 0; first < slots; first += 8, scales += 32, offsets += 32) {
    const eight = v128.load(distances + (usize(first) << 1))
    const low = i32x4.extend_low_i16x8_u(eight)
    const high = i32x4.extend_high_i16x8_u(eight)
    const short = i16x8.narrow_i32x4_u(
      fourShort(low, scales, offsets, bar, unit, intercept, slope),
      fourShort(high, scales + 16, offsets + 16, bar, unit, intercept, slope),
    )
    const all = v128.or(short, i16x8.eq(eight, unseen))
    const at = written + (usize(first) << 1)
    v128.store(at, all)
    let within = i16x8.bitmask(i16x8.le_u(all, limit))
    if (slots - first < 8) within &= (1 << (slots - first)) - 1
    for (; within !== 0; within &= within - 1) count(histogram, load<u16>(at + (usize(ctz(within)) << 1)), 1)
  }
}

/** The same after `scanMarked`, of the slots that it looked at. */
export function shortfallsMarked(
  distances: usize,
  slots: i32,
  scales: usize,
  offsets: usize,
  bar: f32,
  unit: f32,
  intercept: f32,
  slope: f32,
  most: i32,
  written: usize,
  histogram: usize,
  marks: usize,
): void {
  for (let first = 0; first < slots; first += 64, marks += 8) {
    if (load<u64>(marks) === 0) continue
    const at = usize(first)
    shortfalls(
      distances + (at << 1),
      min(64, slots - first),
      scales + (at << 2),
      offsets + (at << 2),
      bar,
      unit,
      intercept,
      slope,
      most,
      written + (at << 1),
      histogram,
    )
  }
}

/**
 * For each of `number` slots: the sum of the query's components (i8) where the code has a one, minus those where it has a
 * zero (i32). Component 8 b + i belongs to bit i of byte b.
 */
export function refine(
  codes: usize,
  words: i32,
  slots: usize,
  number: i32,
  query: usize,
  products: usize,
): void {
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)
  const size = usize(words) << 4
  let all = 0
  for (let i: usize = 0; i < size << 3; i++) all += load<i8>(query + i)
  for (let i: usize = 0; i < usize(number); i++) {
    const code = codes + usize(load<u32>(slots + (i << 2))) * size
    // At most 96 pairs of components: no sum of 16 bits overflows.
    let sums = i16x8.splat(0)
    for (let at: usize = 0; at < size; at += 2) {
      const pair = i16x8.splat(load<i16>(code + at))
      const spread = v128.shuffle<u8>(pair, pair, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)
      const ones = i8x16.eq(v128.and(spread, bits), bits)
      sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_s(v128.and(ones, v128.load(query + (at << 3)))))
    }
    const four = i32x4.extadd_pairwise_i16x8_s(sums)
    const ones =
      i32x4.extract_lane(four, 0) +
      i32x4.extract_lane(four, 1) +
      i32x4.extract_lane(four, 2) +
      i32x4.extract_lane(four, 3)
    store<i32>(products + (i << 2), 2 * ones - all)
  }
}

/**
 * Lays out `number` records one after another, of three ids (f64), two numbers (f32) and a code each, as columns: copies of
 * what they hold, bit for bit.
 */
export function unpack(
  records: usize,
  number: i32,
  words: i32,
  chunks: usize,
  documents: usize,
  vectors: usize,
  scales: usize,
  offsets: usize,
  codes: usize,
): void {
  const size = usize(words) << 4
  for (let i: usize = 0; i < usize(number); i++, codes += size) {
    store<u64>(chunks + (i << 3), load<u64>(records))
    store<u64>(documents + (i << 3), load<u64>(records, 8))
    store<u64>(vectors + (i << 3), load<u64>(records, 16))
    store<u32>(scales + (i << 2), load<u32>(records, 24))
    store<u32>(offsets + (i << 2), load<u32>(records, 28))
    records += 32
    for (let at: usize = 0; at < size; at += 16) v128.store(codes + at, v128.load(records + at))
    records += size
  }
}

/** The Walsh-Hadamard transform of `size` floats in place, unscaled; `size` is a power of two, at least 8. */
function transform(values: usize, size: i32): void {
  const end = values + (usize(size) << 2)
  for (let at = values; at < end; at += 16) {
    const v = v128.load(at)
    const pairs = f32x4.add(
      v128.shuffle<f32>(v, v, 0, 0, 2, 2),
      f32x4.mul(v128.shuffle<f32>(v, v, 1, 1, 3, 3), f32x4(1, -1, 1, -1)),
    )
    const fours = f32x4.add(
      v128.shuffle<f32>(pairs, pairs, 0, 1, 0, 1),
      f32x4.mul(v128.shuffle<f32>(pairs, pairs, 2, 3, 2, 3), f32x4(1, 1, -1, -1)),
    )
    v128.store(at, fours)
  }
  for (let half: usize = 16; half < end - values; half <<= 1) {
    for (let block = values; block < end; block += half << 1) {
      for (let at = block; at < block + half; at += 16) {
        const a = v128.load(at)
        const b = v128.load(at + half)
        v128.store(at, f32x4.add(a, b))
        v128.store(at + half, f32x4.sub(a, b))
      }
    }
  }
}

function multiply(values: usize, by: usize, size: i32): void {
  for (let at: usize = 0; at < usize(size) << 2; at += 16) {
    v128.store(values + at, f32x4.mul(v128.load(values + at), v128.load(by + at)))
  }
}

/**
 * Rotates `length` floats in place: transforms of the first and of the last `size` of them in turn, four in all, with a
 * change of signs before the first and after each. `signs` holds those: `length` of +-1, then four times `size` of
 * +-1 / sqrt(size).
 */
export function rotate(values: usize, length: i32, size: i32, signs: usize): void {
  multiply(values, signs, length)
  let next = signs + (usize(length) << 2)
  const last = values + (usize(length - size) << 2)
  for (let turn = 0; turn < 4; turn++, next += usize(size) << 2) {
    const part = turn & 1 ? last : values
    transform(part, size)
    multiply(part, next, size)
  }
}

/**
 * Writes `length` floats as whole numbers of 8 bits, in steps of a 127th of the greatest absolute one; all 0 when they are.
 * Gives that step.
 */
export function quantize(values: usize, length: i32, numbers: usize): f32 {
  let greatest = f32x4.splat(0)
  const end = values + (usize(length) << 2)
  for (let at = values; at < end; at += 16) greatest = f32x4.max(greatest, f32x4.abs(v128.load(at)))
  const most = max(
    max(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)),
    max(f32x4.extract_lane(greatest, 2), f32x4.extract_lane(greatest, 3)),
  )
  const by = f32x4.splat(most === 0 ? 0 : 127 / most)
  for (let at = values; at < end; at += 32, numbers += 8) {
    const pair = i16x8.narrow_i32x4_s(rounded(v128.load(at), by), rounded(v128.load(at, 16), by))
    v128.store64_lane(numbers, i8x16.narrow_i16x8_s(pair, pair), 0)
  }
  return most / 127
}

/** Four products with `by`, rounded; halves go up. */
function rounded(four: v128, by: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(f32x4.mul(four, by), f32x4.splat(0.5))))
}

/**
 * Subtracts `mean` from `length` floats in place and writes a code: bit i is one where component i (of the first
 * `words` x 128) is not negative. Writes four sums (f32): of the absolute components that have a bit, of all squares, of
 * the products with the mean, and of the mean's own squares.
 */
export function encode(values: usize, mean: usize, length: i32, words: i32, code: usize, sums: usize): void {
  let absolute = f32x4.splat(0)
  let squares = f32x4.splat(0)
  let products = f32x4.splat(0)
  let ofMean = f32x4.splat(0)
  const coded = usize(words) << 9
  for (let at: usize = 0; at < usize(length) << 2; at += 32) {
    const meanA = v128.load(mean + at)
    const meanB = v128.load(mean + at, 16)
    const a = f32x4.sub(v128.load(values + at), meanA)
    const b = f32x4.sub(v128.load(values + at, 16), meanB)
    v128.store(values + at, a)
    v128.store(values + at, b, 16)
    squares = f32x4.add(f32x4.add(squares, f32x4.mul(a, a)), f32x4.mul(b, b))
    products = f32x4.add(f32x4.add(products, f32x4.mul(a, meanA)), f32x4.mul(b, meanB))
    ofMean = f32x4.add(f32x4.add(ofMean, f32x4.mul(meanA, meanA)), f32x4.mul(meanB, meanB))
    if (at >= coded) continue
    absolute = f32x4.add(f32x4.add(absolute, f32x4.abs(a)), f32x4.abs(b))
    const zero = f32x4.splat(0)
    const ones = i32x4.bitmask(f32x4.ge(a, zero)) | (i32x4.bitmask(f32x4.ge(b, zero)) << 4)
    store<u8>(code + (at >> 5), u8(ones))
  }
  store<f32>(sums, across(absolute))
  store<f32>(sums, across(squares), 4)
  store<f32>(sums, across(products), 8)
  store<f32>(sums, across(ofMean), 12)
}

function across(four: v128): f32 {
  return (
    f32x4.extract_lane(four, 0) +
    f32x4.extract_lane(four, 1) +
    (f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3))
  )
}
