/** The program of a process that verifies the index whose path it is sent, and sends what it finds; see `verify-aside.ts`. */
import { verifyIndex } from './verify-index.js'

process.once('message', (path: string) => {
  process.send?.(verifyIndex(path).findings)
  process.disconnect()
})
