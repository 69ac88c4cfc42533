import { fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { builtFile } from '../../../built-file.js'
import type { Finding } from '../../verify-report.js'

/** Of a process that is to have what others leave. */
const LOW_PRIORITY = 10

/** Verification that goes on beside. */
export type VerifyingAside = {
  /** Ends it, and says whether it had come to its end and found nothing. */
  stop(): boolean
}

/**
 * Verifies an index in a process of its own, of low priority, while it is used: an end of this process does not wait for it, and
 * what damaged pages do to it is done to it alone. Told what was found, if anything was.
 */
export function verifyAside(path: string, onDamage: (findings: readonly Finding[]) => void): VerifyingAside {
  // Options of this process, such as `--input-type` of `node --eval`, are not for a script of ours.
  const child = fork(builtFile('./verify-process.js', import.meta.url), {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let isSound = false
  let isStopped = false
  child.once('message', (findings: readonly Finding[]) => {
    isSound = findings.length === 0
    if (!isSound && !isStopped) onDamage(findings)
  })
  // One that could not be started, or died, has not found the index sound: whoever opens it next tries again.
  child.on('error', () => {})
  child.once('spawn', () => {
    try {
      if (child.pid !== undefined) setPriority(child.pid, LOW_PRIORITY)
    } catch {
      // It has ended, or nobody may.
    }
  })
  child.send(path, () => {})
  child.unref()
  child.channel?.unref()
  return {
    stop() {
      isStopped = true
      child.kill('SIGKILL')
      return isSound
    },
  }
}
