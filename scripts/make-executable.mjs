// Lets the shell run files that a build has written, as `npm link` does once only: node scripts/make-executable.mjs <file...>
import { chmodSync } from 'node:fs'

for (const file of process.argv.slice(2)) chmodSync(file, 0o755)
