/** The program of a process that verifies the index whose path it is given, and sends what it finds; see `verify-aside.ts`. */
import { verifyIndex } from './verify-index.js'

const { findings } = verifyIndex(process.argv[2] ?? '')
process.send?.(findings)
process.disconnect()
