// Runs after `npm ci`: builds dist/. Under `npm ci --omit=dev` there is no compiler; a dist/ built before serves.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (existsSync('node_modules/typescript')) {
  const build = spawnSync('npm run --silent build', { stdio: 'inherit', shell: true })
  process.exit(build.status ?? 1)
}
if (!existsSync('dist/main.js')) {
  console.error(
    'gemdex: no dist/ and no TypeScript compiler to build it. Run `npm ci` without --omit=dev first.',
  )
  process.exit(1)
}
