import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../../scripts/bench-data.js'
import { loadCodeKernel } from '../../../../src/store/sqlite/codes/load-kernel.js'

const AREA = 128 * 1024
const [CODES, QUERY, DISTANCES, HISTOGRAM, MARKS, FOUND, PRODUCTS] = [1, 2, 3, 4, 5, 6, 7].map(
  (n) => n * AREA,
) as [number, number, number, number, number, number, number]
/** Where nothing else is needed. */
const [SCALES, OFFSETS] = [QUERY, PRODUCTS]
const END = 8 * AREA
const UNSEEN = 0xffff

/** Both kernels, each over a memory of its own with the same random content. */
const open = (choice: 'best' | 'portable') => {
  const pages = END / 65_536
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  return { kernel: loadCodeKernel(memory, choice), bytes: new Uint8Array(memory.buffer) }
}
const both = [open('best'), open('portable')] as const

function bothKernels(seed: number) {
  const random = createRandom(seed)
  const content = new Uint32Array(END / 4)
  for (let i = 0; i < content.length; i++) content[i] = random()
  for (const { bytes } of both) {
    bytes.set(new Uint8Array(content.buffer))
    bytes.fill(0, HISTOGRAM, HISTOGRAM + AREA)
  }
  return { pair: both, random }
}

type Pair = ReturnType<typeof bothKernels>['pair']

function expectSame([{ bytes: a }, { bytes: b }]: Pair, from: number, length: number): void {
  expect(Buffer.compare(a.subarray(from, from + length), b.subarray(from, from + length))).toBe(0)
}

function writeFloats({ bytes }: Pair[0], at: number, floats: readonly number[]): void {
  new Float32Array(bytes.buffer, at, floats.length).set(floats)
}

describe('the compiled kernel and the portable one do the same', () => {
  test('and are two', () => {
    const [best, portable] = bothKernels(0).pair
    expect(best.kernel.scan.toString()).toContain('native code')
    expect(portable.kernel.scan.toString()).not.toContain('native code')
  })

  for (const words of [4, 6, 8, 10, 12]) {
    test(`scanning codes of ${words * 128} bits, whatever their number`, () => {
      for (const slots of [1, 3, 4, 65, 600, 623]) {
        const { pair } = bothKernels(words * 10_000 + slots)
        for (const { kernel } of pair) kernel.scan(CODES, slots, words, QUERY, DISTANCES, HISTOGRAM)
        expectSame(pair, DISTANCES, slots * 2)
        expectSame(pair, HISTOGRAM, AREA)
        const counted = new Uint32Array(pair[0].bytes.buffer, HISTOGRAM, words * 128 + 1)
        expect(counted.reduce((sum, codes) => sum + codes, 0)).toBe(slots)
      }
    })

    test(`scanning what is marked of codes of ${words * 128} bits, few or many`, () => {
      for (const share of [0, 0.01, 0.1, 0.3, 0.9, 1]) {
        for (const slots of [1, 63, 64, 200, 600]) {
          const { pair, random } = bothKernels(words * 1000 + slots + share)
          const marks = Array.from({ length: 128 }, () =>
            Array.from({ length: 8 }, () => Number(random() < share * 2 ** 32)).reduce(
              (byte, bit) => byte * 2 + bit,
              0,
            ),
          )
          for (const { kernel, bytes } of pair) {
            bytes.set(marks, MARKS)
            kernel.scanMarked(CODES, slots, words, QUERY, DISTANCES, HISTOGRAM, MARKS)
          }
          expectSame(pair, DISTANCES, slots * 2)
          expectSame(pair, HISTOGRAM, AREA)
          const bits = words * 128
          const found = pair.map(({ kernel }) =>
            kernel.collectMarked(DISTANCES, slots, bits / 2, bits, FOUND, 50, MARKS),
          )
          expect(found[0]).toBe(found[1])
          expectSame(pair, FOUND, (found[0] ?? 0) * 4)
        }
      }
    })

    test(`refining codes of ${words * 128} bits, up to the greatest products`, () => {
      for (const extreme of [false, true]) {
        const { pair } = bothKernels(words)
        for (const { kernel, bytes } of pair) {
          const slots = new Uint32Array(bytes.buffer, FOUND, 100)
          slots.forEach((_, i) => {
            slots[i] = (i * 37) % 600
          })
          if (extreme) {
            bytes.fill(0xff, CODES, CODES + AREA)
            new Int8Array(bytes.buffer).fill(127, QUERY, QUERY + words * 128)
          }
          kernel.refine(CODES, words, FOUND, 100, QUERY, PRODUCTS)
        }
        expectSame(pair, PRODUCTS, 400)
        if (extreme) expect(new Int32Array(pair[0].bytes.buffer, PRODUCTS, 1)[0]).toBe(127 * words * 128)
      }
    })
  }

  for (const words of [4, 6, 12]) {
    test(`laying out records with codes of ${words * 128} bits as columns`, () => {
      const { pair } = bothKernels(words)
      const number = 150
      const columns = [QUERY, DISTANCES, HISTOGRAM, MARKS, FOUND, PRODUCTS] as const
      for (const { kernel } of pair) kernel.unpack(CODES, number, words, ...columns)
      for (const column of columns) expectSame(pair, column, AREA)
      const [{ bytes }] = pair
      const size = 32 + words * 16
      const [record, code] = [CODES + 149 * size, PRODUCTS + 149 * words * 16]
      expect(bytes.slice(code, code + words * 16)).toEqual(bytes.slice(record + 32, record + size))
    })
  }

  for (const share of [0, 0.02, 1]) {
    test(`telling by how much codes fall short, where ${share * 100} % are marked`, () => {
      for (const slots of [1, 7, 8, 65, 600, 623]) {
        const { pair, random } = bothKernels(slots)
        const uniform = () => random() / 2 ** 32
        const spots = Array.from({ length: 640 }, () => [uniform(), uniform(), uniform()] as const)
        const scales = spots.map(([size], i) => (i % 50 === 0 ? 0 : size / 10))
        const offsets = spots.map(([, side], i) => (i % 30 === 0 ? Number.NEGATIVE_INFINITY : side - 0.5))
        const distances = spots.map(([, , far], i) => (i % 20 === 0 ? UNSEEN : Math.floor(far * 512)))
        const marks = Array.from({ length: 80 }, () => (uniform() < share ? Math.floor(uniform() * 256) : 0))
        for (const one of pair) {
          writeFloats(one, SCALES, scales)
          writeFloats(one, OFFSETS, offsets)
          new Uint16Array(one.bytes.buffer, DISTANCES, 640).set(distances)
          one.bytes.set(marks, MARKS)
          const range = [
            DISTANCES,
            slots,
            SCALES,
            OFFSETS,
            0.3,
            0.02,
            1448,
            -5.65,
            384,
            FOUND,
            HISTOGRAM,
          ] as const
          if (share === 1) one.kernel.shortfalls(...range)
          else one.kernel.shortfallsMarked(...range, MARKS)
        }
        expectSame(pair, FOUND, slots * 2)
        expectSame(pair, HISTOGRAM, AREA)
        if (share !== 1) continue
        const written = new Uint16Array(pair[0].bytes.buffer, FOUND, slots)
        for (const [slot, short] of written.entries()) {
          const [scale = 0, offset = 0, distance = 0] = [scales[slot], offsets[slot], distances[slot]]
          const exact = (0.3 - offset) / (scale * 0.02) - (1448 - 5.65 * distance)
          const expected = distance === UNSEEN ? UNSEEN : Math.min(UNSEEN, Math.max(0, exact))
          expect(Math.abs(short - expected)).toBeLessThanOrEqual(1.5)
        }
        const counted = new Uint32Array(pair[0].bytes.buffer, HISTOGRAM, 385)
        expect(counted.reduce((sum, codes) => sum + codes, 0)).toBe(
          written.filter((short) => short <= 384).length,
        )
      }
    })
  }

  test('collecting distances of a range, as many as there is room for', () => {
    for (const [slots, least, most, room] of [
      [1000, 0, 40_000, 1000],
      [999, 20_000, 40_000, 1000],
      [999, 0, 65_534, 17],
      [5, 0, 0, 5],
    ] as const) {
      const { pair } = bothKernels(slots + room)
      const found = pair.map(({ kernel }) => kernel.collect(DISTANCES, slots, least, most, FOUND, room))
      expect(found[0]).toBe(found[1])
      expectSame(pair, FOUND, (found[0] ?? 0) * 4)
    }
  })

  for (const [length, size] of [
    [512, 512],
    [768, 512],
    [1280, 1024],
    [3072, 2048],
  ] as const) {
    test(`rotating and coding ${length} components`, () => {
      const { pair } = bothKernels(length)
      const random = createRandom(length)
      const floats = (number: number) => Array.from({ length: number }, () => random() / 2 ** 31 - 1)
      const [values, mean, signs] = [floats(length), floats(length), floats(length + 4 * size)]
      for (const one of pair) {
        writeFloats(one, CODES, values)
        writeFloats(one, QUERY, signs)
        writeFloats(one, DISTANCES, mean)
        one.kernel.rotate(CODES, length, size, QUERY)
      }
      expectSame(pair, CODES, length * 4)
      const words = Math.min(length, 1536) / 128
      for (const { kernel } of pair) kernel.encode(CODES, DISTANCES, length, words, FOUND, PRODUCTS)
      expectSame(pair, CODES, length * 4)
      expectSame(pair, FOUND, words * 16)
      expectSame(pair, PRODUCTS, 16)
      const steps = pair.map(({ kernel }) => kernel.quantize(CODES, words * 128, FOUND))
      expect(steps[0]).toBe(steps[1])
      expectSame(pair, FOUND, words * 128)
    })
  }
})
