import type { CodeKernel } from './code-kernel.js'

/** What stands for a slot that was not looked at; no code is so far away. */
const UNSEEN = 0xffff
/** What a scale of nothing counts as. */
const LEAST_SCALE = Math.fround(1e-30)

type Four = [number, number, number, number]

/** `kernel/codes.ts` in JavaScript, for machines without SIMD: about ten times slower, equal to the last bit. */
export function createPortableKernel(memory: WebAssembly.Memory): CodeKernel {
  let views = viewsOf(memory.buffer)
  /** Another thread may have grown the memory. */
  const current = () => {
    if (views.buffer !== memory.buffer) views = viewsOf(memory.buffer)
    return views
  }

  function distanceOf(code: number, query: number, words: number): number {
    const { u32 } = views
    let bits = 0
    for (let at = 0; at < words * 4; at++)
      bits += ones((u32[code / 4 + at] ?? 0) ^ (u32[query / 4 + at] ?? 0))
    return bits
  }

  const kernel: CodeKernel = {
    scan(codes, slots, words, query, distances, histogram) {
      const { u16, i32 } = current()
      for (let slot = 0; slot < slots; slot++) {
        const distance = distanceOf(codes + slot * words * 16, query, words)
        u16[distances / 2 + slot] = distance
        i32[histogram / 4 + distance] = (i32[histogram / 4 + distance] ?? 0) + 1
      }
      u16.fill(UNSEEN, distances / 2 + slots, distances / 2 + ((slots + 3) & ~3))
    },

    scanMarked(codes, slots, words, query, distances, histogram, marks) {
      const { u8, u16, i32 } = current()
      for (let first = 0; first < slots; first += 64) {
        const block = u8.subarray(marks + first / 8, marks + first / 8 + 8)
        if (block.every((byte) => byte === 0)) continue
        for (let slot = first; slot < Math.min(slots, first + 64); slot++) {
          const isWanted = isMarked(u8, marks, slot)
          const distance = isWanted ? distanceOf(codes + slot * words * 16, query, words) : UNSEEN
          u16[distances / 2 + slot] = distance
          if (isWanted) i32[histogram / 4 + distance] = (i32[histogram / 4 + distance] ?? 0) + 1
        }
      }
    },

    collect(distances, slots, least, most, found, room) {
      const { u16, u32 } = current()
      let number = 0
      for (let slot = 0; slot < slots && number < room; slot++) {
        const distance = u16[distances / 2 + slot] ?? UNSEEN
        if (distance >= least && distance <= most) u32[found / 4 + number++] = slot
      }
      return number
    },

    collectMarked(distances, slots, least, most, found, room, marks) {
      const { u8, u16, u32 } = current()
      let number = 0
      for (let slot = 0; slot < slots && number < room; slot++) {
        if (!isMarked(u8, marks, slot)) continue
        const distance = u16[distances / 2 + slot] ?? UNSEEN
        if (distance >= least && distance <= most) u32[found / 4 + number++] = slot
      }
      return number
    },

    shortfalls(distances, slots, scales, offsets, bar, unit, intercept, slope, most, written, histogram) {
      const { u16, i32, f32 } = current()
      const [from, size, start, rise] = [bar, unit, intercept, slope].map(Math.fround) as Four
      for (let slot = 0; slot < slots; slot++) {
        const distance = u16[distances / 2 + slot] ?? UNSEEN
        const width = Math.max(Math.fround((f32[scales / 4 + slot] ?? 0) * size), LEAST_SCALE)
        const needed = Math.fround(Math.fround(from - (f32[offsets / 4 + slot] ?? 0)) / width)
        const short = Math.fround(needed - Math.fround(start + Math.fround(rise * distance)))
        const whole = distance === UNSEEN ? UNSEEN : short > 0 ? Math.min(Math.trunc(short), UNSEEN) : 0
        u16[written / 2 + slot] = whole
        if (whole <= most) i32[histogram / 4 + whole] = (i32[histogram / 4 + whole] ?? 0) + 1
      }
    },

    shortfallsMarked(distances, slots, scales, offsets, ...rest) {
      const [bar, unit, intercept, slope, most, written, histogram, marks] = rest
      const { u8 } = current()
      for (let first = 0; first < slots; first += 64) {
        const block = u8.subarray(marks + first / 8, marks + first / 8 + 8)
        if (block.every((byte) => byte === 0)) continue
        kernel.shortfalls(
          distances + first * 2,
          Math.min(64, slots - first),
          scales + first * 4,
          offsets + first * 4,
          bar,
          unit,
          intercept,
          slope,
          most,
          written + first * 2,
          histogram,
        )
      }
    },

    refine(codes, words, slots, number, query, products) {
      const { u8, i8, u32, i32 } = current()
      const bits = words * 128
      for (let i = 0; i < number; i++) {
        const code = codes + (u32[slots / 4 + i] ?? 0) * words * 16
        let product = 0
        for (let bit = 0; bit < bits; bit++) {
          const component = i8[query + bit] ?? 0
          product += ((u8[code + (bit >> 3)] ?? 0) >> (bit & 7)) & 1 ? component : -component
        }
        i32[products / 4 + i] = product
      }
    },

    unpack(records, number, words, chunks, documents, vectors, scales, offsets, codes) {
      const { u32 } = current()
      const size = words * 16
      for (let i = 0, at = records; i < number; i++, at += 32 + size) {
        copyWords(u32, at, chunks + i * 8, 8)
        copyWords(u32, at + 8, documents + i * 8, 8)
        copyWords(u32, at + 16, vectors + i * 8, 8)
        copyWords(u32, at + 24, scales + i * 4, 4)
        copyWords(u32, at + 28, offsets + i * 4, 4)
        copyWords(u32, at + 32, codes + i * size, size)
      }
    },

    rotate(values, length, size, signs) {
      const { f32 } = current()
      multiply(f32, values / 4, signs / 4, length)
      let next = signs / 4 + length
      for (let turn = 0; turn < 4; turn++, next += size) {
        const part = values / 4 + (turn & 1 ? length - size : 0)
        transform(f32, part, size)
        multiply(f32, part, next, size)
      }
    },

    quantize(values, length, numbers) {
      const { f32, i8 } = current()
      let most = 0
      for (let i = 0; i < length; i++) most = Math.max(most, Math.abs(f32[values / 4 + i] ?? 0))
      const by = most === 0 ? 0 : Math.fround(127 / most)
      for (let i = 0; i < length; i++) {
        const product = Math.fround((f32[values / 4 + i] ?? 0) * by)
        i8[numbers + i] = Math.floor(Math.fround(product + 0.5))
      }
      return Math.fround(most / 127)
    },

    encode(values, mean, length, words, code, sums) {
      const { f32, u8 } = current()
      const coded = words * 128
      u8.fill(0, code, code + words * 16)
      // Four sums each, as the lanes of the compiled kernel.
      const four = () => new Float32Array(4)
      const [absolute, squares, products, ofMean] = [four(), four(), four(), four()]
      for (let i = 0; i < length; i++) {
        const center = f32[mean / 4 + i] ?? 0
        const value = Math.fround((f32[values / 4 + i] ?? 0) - center)
        f32[values / 4 + i] = value
        add(squares, i & 3, Math.fround(value * value))
        add(products, i & 3, Math.fround(value * center))
        add(ofMean, i & 3, Math.fround(center * center))
        if (i >= coded) continue
        add(absolute, i & 3, Math.abs(value))
        if (value >= 0) u8[code + (i >> 3)] = (u8[code + (i >> 3)] ?? 0) | (1 << (i & 7))
      }
      for (const [i, parts] of [absolute, squares, products, ofMean].entries())
        f32[sums / 4 + i] = across(parts)
    },
  }
  return kernel
}

function viewsOf(buffer: ArrayBufferLike) {
  return {
    buffer,
    u8: new Uint8Array(buffer),
    i8: new Int8Array(buffer),
    u16: new Uint16Array(buffer),
    u32: new Uint32Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
  }
}

function isMarked(u8: Uint8Array, marks: number, slot: number): boolean {
  return (((u8[marks + (slot >> 3)] ?? 0) >> (slot & 7)) & 1) === 1
}

/** Copies bytes, a multiple of four. A call of `copyWithin` takes several times as long for so few. */
function copyWords(u32: Uint32Array, from: number, to: number, bytes: number): void {
  for (let word = 0; word < bytes / 4; word++) u32[to / 4 + word] = u32[from / 4 + word] ?? 0
}

/** The number of bits that are one, in 32. */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function multiply(f32: Float32Array, values: number, by: number, size: number): void {
  for (let i = 0; i < size; i++) f32[values + i] = (f32[values + i] ?? 0) * (f32[by + i] ?? 0)
}

/** The Walsh-Hadamard transform, unscaled. */
function transform(f32: Float32Array, values: number, size: number): void {
  for (let half = 1; half < size; half *= 2) {
    for (let block = values; block < values + size; block += 2 * half) {
      for (let i = block; i < block + half; i++) {
        const a = f32[i] ?? 0
        const b = f32[i + half] ?? 0
        f32[i] = a + b
        f32[i + half] = a - b
      }
    }
  }
}

function add(sums: Float32Array, lane: number, value: number): void {
  sums[lane] = (sums[lane] ?? 0) + value
}

function across([a = 0, b = 0, c = 0, d = 0]: Float32Array): number {
  return Math.fround(Math.fround(a + b) + Math.fround(c + d))
}
