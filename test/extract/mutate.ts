import { unzipSync, zipSync } from 'fflate'

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

type Change = (bytes: Uint8Array, random: () => number) => Uint8Array

/** Half of the changes hit the first kilobytes, where formats keep their headers. */
const headBytes = 2048

function place(length: number, random: () => number): number {
  return Math.floor(random() * (random() < 0.5 ? Math.min(length, headBytes) : length))
}

function spanOf(bytes: Uint8Array, random: () => number): readonly [start: number, end: number] {
  const start = place(bytes.length, random)
  return [start, Math.min(bytes.length, start + 1 + Math.floor(random() ** 3 * bytes.length))]
}

const changes: readonly Change[] = [
  function flipBits(bytes, random) {
    const changed = Uint8Array.from(bytes)
    for (let n = 1 + Math.floor(random() * 8); n > 0; n--) {
      const at = place(bytes.length, random)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    }
    return changed
  },
  function setBytes(bytes, random) {
    const changed = Uint8Array.from(bytes)
    const value = [0, 0xff, 0x7f, 0x80, 0x3c, 0x7b][Math.floor(random() * 6)] ?? 0
    const [start, end] = spanOf(bytes, random)
    return changed.fill(value, start, Math.min(end, start + 16))
  },
  function remove(bytes, random) {
    const [start, end] = spanOf(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  function repeat(bytes, random) {
    const [start, end] = spanOf(bytes, random)
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start, end), bytes.subarray(end)])
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, place(bytes.length, random))
  },
  function swap(bytes, random) {
    const [first, second] = [place(bytes.length, random), place(bytes.length, random)].sort((a, b) => a - b)
    const length = Math.min(1 + Math.floor(random() * 256), (second ?? 0) - (first ?? 0))
    const changed = Uint8Array.from(bytes)
    changed.set(bytes.subarray(second, (second ?? 0) + length), first)
    changed.set(
      bytes.subarray(first, (first ?? 0) + length).subarray(0, bytes.length - (second ?? 0)),
      second,
    )
    return changed
  },
]

/**
 * A damaged copy of a file; the same for the same seed. Of an archive every other one has a sound directory and one damaged
 * part, as damage to the archive itself is found before any part is read.
 */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const random = seededRandom(seed)
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b
  if (!isArchive || seed % 2 === 0) return damage(bytes, random)
  const parts = unzipSync(bytes)
  const names = Object.keys(parts)
  const name = names[Math.floor(random() * names.length)] ?? ''
  parts[name] = Uint8Array.from(damage(parts[name] ?? new Uint8Array(), random))
  return zipSync(parts, { level: 0, mtime: new Date('2024-01-01T00:00:00') })
}

function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  let changed = bytes
  for (let n = 1 + Math.floor(random() * 3); n > 0 && changed.length > 0; n--) {
    changed = (changes[Math.floor(random() * changes.length)] ?? changes[0])?.(changed, random) ?? changed
  }
  return Uint8Array.from(changed)
}
