import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SEGMENT_SLOTS } from '../../../../src/store/sqlite/codes/code-layout.js'
import { packRecord } from '../../../../src/store/sqlite/codes/code-record.js'
import { createSharedCodes, openCodeSpace } from '../../../../src/store/sqlite/codes/code-space.js'
import { createPassageCodes } from '../../../../src/store/sqlite/codes/passage-codes.js'

const CODE_BYTES = 64

function openCodes() {
  const space = openCodeSpace(createSharedCodes(1), 0)
  space.exclusively(() => space.setUp({ setId: 1, generation: 1, dimensions: 512 }, new Float32Array(512)))
  return { space, codes: createPassageCodes(space) }
}

function recordOf(chunkId: number): Buffer {
  const code = new Uint8Array(CODE_BYTES).fill(chunkId)
  const coded = { scale: chunkId / 2, offset: -chunkId, code }
  return packRecord({ chunkId, documentId: chunkId * 3, vectorId: chunkId * 7, coded })
}

/** What is in the slots that are not free. */
function passagesIn({ space }: ReturnType<typeof openCodes>) {
  const { layout, views, slots } = space
  return Array.from({ length: slots }, (_, slot) => {
    const { chunks, documents, vectors, scales, offsets, codes } = layout.segment(
      Math.floor(slot / SEGMENT_SLOTS),
      0,
    )
    const i = slot % SEGMENT_SLOTS
    return {
      chunkId: views.f64[chunks / 8 + i],
      documentId: views.f64[documents / 8 + i],
      vectorId: views.f64[vectors / 8 + i],
      scale: views.f32[scales / 4 + i],
      offset: views.f32[offsets / 4 + i],
      byte: views.u8[codes + i * CODE_BYTES + CODE_BYTES - 1],
    }
  }).filter(({ vectorId }) => vectorId !== 0)
}

const passage = (chunkId: number) => ({
  chunkId,
  documentId: chunkId * 3,
  vectorId: chunkId * 7,
  scale: chunkId / 2,
  offset: -chunkId,
  byte: chunkId % 256,
})

test('passages added and removed in any order are those that are there', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 50 }), gap: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ from: fc.nat(400), number: fc.nat(60) }),
  )
  const check = (steps: readonly ({ add: number; gap: number } | { from: number; number: number })[]) => {
    const opened = openCodes()
    let wanted: number[] = []
    let last = 0
    for (const one of steps) {
      if ('add' in one) {
        const added = Array.from({ length: one.add }, () => (last += one.gap))
        opened.space.exclusively(() => opened.codes.append(Buffer.concat(added.map(recordOf))))
        wanted.push(...added)
      } else {
        const end = one.from + one.number
        opened.space.exclusively(() => opened.codes.remove(one.from, end))
        wanted = wanted.filter((id) => id < one.from || id > end)
      }
      expect(passagesIn(opened)).toEqual(wanted.map(passage))
    }
  }
  fc.assert(fc.property(fc.array(step, { maxLength: 15 }), check), { numRuns: 30, seed: 6 })
})

test('free slots are closed up, over the borders of segments', () => {
  const opened = openCodes()
  const { space, codes } = opened
  const number = 2 * SEGMENT_SLOTS + 100
  const ids = Array.from({ length: number }, (_, i) => i + 1)
  space.exclusively(() => codes.append(Buffer.concat(ids.map(recordOf))))
  const removed = [
    [number - 50, number],
    [10, 5000],
    [SEGMENT_SLOTS - 3, SEGMENT_SLOTS + 20_000],
  ] as const
  for (const [first, last] of removed) space.exclusively(() => codes.remove(first, last))
  const left = ids.filter((id) => !removed.some(([first, last]) => id >= first && id <= last))
  expect(space.slots).toBe(left.length)
  expect(space.dead).toBe(0)
  expect(passagesIn(opened)).toEqual(left.map(passage))
})
