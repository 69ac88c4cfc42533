import { randomUUID } from 'node:crypto'
import type { BigIntStats } from 'node:fs'

/** File times come from a coarse clock (1 to 10 ms on Linux, 16 ms on Windows); 50 ms lies well beyond one tick. */
const RACY_WINDOW_NS = 50_000_000n

/** FAT keeps times to 2 s and HFS+ to 1 s: a time without any fraction of a second may come from such a file system. */
const RACY_WINDOW_WHOLE_SECONDS_NS = 2_050_000_000n

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1_000_000_000n

/**
 * A string that differs whenever the file may have changed: size, mtime and ctime in nanoseconds, and inode. The ctime
 * catches what sets the mtime back (`cp -p`, `touch -d`), the inode catches a replacement by rename.
 *
 * Two writes within one tick of the file system's clock leave the same times, so a file that changed just before it was
 * looked at may change again unnoticed (git calls such an entry "racily clean", Documentation/technical/racy-git.txt).
 * Such a file gets a fingerprint that matches no other, and is read once more by the next run.
 *
 * @param takenMs When the stat was asked for, in milliseconds since 1970. Take it before the call: a time from after it
 *   would count the wait for the answer as age.
 */
export function fingerprintOf(stat: BigIntStats, takenMs: number = Date.now()): string {
  // Only the ctime: nothing but the system sets it, while an mtime may lie in the future for good.
  const ageNs = BigInt(takenMs) * NS_PER_MS - stat.ctimeNs
  const coarse = stat.ctimeNs % NS_PER_SECOND === 0n
  if (ageNs < (coarse ? RACY_WINDOW_WHOLE_SECONDS_NS : RACY_WINDOW_NS)) return unmatchableFingerprint(stat)
  return plainFingerprint(stat)
}

/** A fingerprint that no other one ever equals, for a file that changed while it was looked at. */
export function unmatchableFingerprint(stat: BigIntStats): string {
  return `${plainFingerprint(stat)}-racy-${randomUUID()}`
}

/** Whether nothing tells the two states of a file apart. */
export function isSameState(a: BigIntStats, b: BigIntStats): boolean {
  return plainFingerprint(a) === plainFingerprint(b)
}

function plainFingerprint(stat: BigIntStats): string {
  return `${stat.size}-${stat.mtimeNs}-${stat.ctimeNs}-${stat.ino}`
}
