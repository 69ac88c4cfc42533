import type { BigIntStats } from 'node:fs'
import { chmod, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, isSameState, unmatchableFingerprint } from '../../src/files/fingerprint.js'
import { tempFolder } from './temp-folder.js'

const NOW_MS = 1_700_000_000_000

/** A stat whose file changed so long before NOW_MS. */
function changedBefore(ageNs: bigint, rest: Partial<BigIntStats> = {}): BigIntStats {
  const ctimeNs = BigInt(NOW_MS) * 1_000_000n - ageNs
  return { size: 5n, mtimeNs: 1n, ino: 7n, ctimeNs, ...rest } as BigIntStats
}

describe('fingerprintOf', () => {
  test('is the same for the same state', () => {
    const stat = changedBefore(60_000_000n)
    expect(fingerprintOf(stat, NOW_MS)).toBe(fingerprintOf(stat, NOW_MS + 1_000_000))
  })

  test('tells size, mtime, ctime (to the nanosecond) and inode apart', () => {
    const stats = [
      changedBefore(90_000_001n),
      changedBefore(90_000_002n),
      changedBefore(90_000_001n, { size: 6n }),
      changedBefore(90_000_001n, { mtimeNs: 2n }),
      changedBefore(90_000_001n, { ino: 8n }),
    ]
    expect(new Set(stats.map((stat) => fingerprintOf(stat, NOW_MS))).size).toBe(5)
  })

  test('of a file changed within the last 50 ms matches nothing, not even itself', () => {
    for (const ageNs of [0n, 1n, 49_999_999n, -3_600_000_000_001n]) {
      const racy = changedBefore(ageNs)
      const later = fingerprintOf(racy, NOW_MS + 100_000_000)
      expect(fingerprintOf(racy, NOW_MS)).not.toBe(later)
      expect(fingerprintOf(racy, NOW_MS)).not.toBe(fingerprintOf(racy, NOW_MS))
    }
    const settled = changedBefore(50_000_001n)
    expect(fingerprintOf(settled, NOW_MS)).toBe(fingerprintOf(settled, NOW_MS))
  })

  test('waits longer where times have whole seconds only', () => {
    const coarse = changedBefore(2_000_000_000n)
    expect(fingerprintOf(coarse, NOW_MS)).not.toBe(fingerprintOf(coarse, NOW_MS))
    expect(fingerprintOf(coarse, NOW_MS + 1000)).toBe(fingerprintOf(coarse, NOW_MS + 1000))
  })

  test('sees a change of the same size with the mtime set back, and a change of permissions', async () => {
    const path = join(await tempFolder({ 'a.md': 'one' }), 'a.md')
    const look = async () => {
      await wait(80)
      return fingerprintOf(await stat(path, { bigint: true }))
    }
    const first = await look()
    expect(await look()).toBe(first)
    const { atime, mtime } = await stat(path)
    await writeFile(path, 'two')
    await utimes(path, atime, mtime)
    const second = await look()
    expect(second).not.toBe(first)
    await chmod(path, 0o600)
    expect(await look()).not.toBe(second)
  })

  test('a file just written is read once more by the next run', async () => {
    const path = join(await tempFolder({ 'a.md': 'one' }), 'a.md')
    await writeFile(path, 'two')
    const justWritten = fingerprintOf(await stat(path, { bigint: true }))
    await wait(80)
    expect(fingerprintOf(await stat(path, { bigint: true }))).not.toBe(justWritten)
  })
})

test('unmatchableFingerprint never repeats', () => {
  const stat = changedBefore(90_000_000n)
  expect(unmatchableFingerprint(stat)).not.toBe(unmatchableFingerprint(stat))
})

test('isSameState compares states', () => {
  expect(isSameState(changedBefore(1n), changedBefore(1n))).toBe(true)
  expect(isSameState(changedBefore(1n), changedBefore(2n))).toBe(false)
})
