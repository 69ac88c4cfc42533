import { describe, expect, it } from 'vitest'
import { convertRefusal } from '../../src/gemini/convert-error.js'
import { readQuota } from '../../src/gemini/read-quota.js'

const context = { apiKey: 'canary-key', method: 'batchEmbedContents', modelId: 'gemini-embedding-001' }
const refusal = (message: string, details?: unknown, status = 400) =>
  convertRefusal({ status, message, details }, context)
const violations = (...list: object[]) => [
  { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: list },
]

describe('what a 429 says of its limits', () => {
  it.each([
    [
      { quotaId: 'EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier', quotaValue: '100' },
      { of: 'requests', per: 'minute', limit: 100 },
    ],
    [
      { quotaId: 'GenerateContentInputTokensPerModelPerMinute-FreeTier', quotaValue: '250000' },
      { of: 'tokens', per: 'minute', limit: 250_000 },
    ],
    [
      { quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '1000' },
      { of: 'requests', per: 'day', limit: 1000 },
    ],
  ])('reads %j', (violation, limit) => {
    expect(readQuota({ message: '', details: violations(violation) }).limits).toEqual([limit])
  })

  it.each([
    undefined,
    'text',
    violations({ quotaId: 'RequestsPerMinute' }),
    violations({ quotaId: 'RequestsPerMinute', quotaValue: 'many' }),
    violations({ quotaId: 'RequestsPerMinute', quotaValue: '0' }),
    violations({ quotaId: 'RequestsPerHour', quotaValue: '5' }),
    violations({ quotaValue: '5' }),
  ])('reads nothing from %j', (details) => {
    expect(readQuota({ message: '', details }).limits).toEqual([])
  })

  it('goes into the error', () => {
    const details = violations({ quotaId: 'RequestsPerMinute', quotaValue: '7' })
    expect(refusal('', details, 429)).toMatchObject({
      code: 'RATE_LIMITED',
      quotaLimits: [{ of: 'requests', per: 'minute', limit: 7 }],
    })
  })
})

describe('what a 400 complains about', () => {
  it.each([
    [
      '* BatchEmbedContentsRequest.requests[3].content: content contains an empty Part.\n',
      'requests[3].content',
    ],
    ['Invalid value at \'requests[0].task_type\' (type), "X"', 'requests[0].task_type'],
    ['Request payload size exceeds the limit: 4194304 bytes.', 'payload'],
    ['* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n', 'payload'],
    ['User location is not supported for the API use.', 'location'],
    ['* Message.path: that is bad', undefined],
    ['', undefined],
  ])('%j', (message, field) => {
    expect(refusal(message)).toMatchObject({ code: 'REQUEST_REFUSED', field })
  })

  it('is read from the details too, and is the payload for a 413', () => {
    const details = [{ fieldViolations: [{ description: 'no field' }, { field: 'requests[1].title' }] }]
    expect(refusal('', details).field).toBe('requests[1].title')
    expect(refusal('', undefined, 413).field).toBe('payload')
  })
})
