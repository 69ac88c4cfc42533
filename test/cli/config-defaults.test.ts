import { expect, test } from 'vitest'
import { defaultsOf } from '../../src/cli/commands/config-get.js'
import { loadConfig } from '../../src/config.js'
import { EMBEDDING_PACE, GENERATION_PACE } from '../../src/embed/pace.js'
import { BASE_URL } from '../../src/gemini/client.js'
import { KEY_RPM } from '../../src/http/create-http-server.js'

const defaults = (env: Record<string, string> = {}) => defaultsOf(loadConfig({ env, cwd: '/' }))
const shown = (limit: number) => (Number.isFinite(limit) ? limit : 'none')

test('the defaults that are shown are those that hold', () => {
  expect(defaults()).toMatchObject({
    geminiBaseUrl: BASE_URL,
    embedRpm: EMBEDDING_PACE.perMinute,
    embedTpm: EMBEDDING_PACE.tokensPerMinute,
    embedRpd: EMBEDDING_PACE.perDay,
    rpm: GENERATION_PACE.perMinute,
    tpm: shown(GENERATION_PACE.tokensPerMinute),
    rpd: shown(GENERATION_PACE.perDay),
    keyRpm: KEY_RPM,
  })
})

test('a key decides who embeds and answers where nothing else does', () => {
  expect(defaults()).toMatchObject({ embedder: 'local', generator: 'local' })
  expect(defaults({ GOOGLE_API_KEY: 'k' })).toMatchObject({ embedder: 'gemini', generator: 'gemini' })
})
