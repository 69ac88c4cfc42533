import { describe, expect, test } from 'vitest'
import { parseField, parseFilter } from '../../src/search/parse-filter.js'

const nested = (depth: number): unknown => (depth === 0 ? { a: 1 } : { $not: nested(depth - 1) })

describe('parseFilter', () => {
  test('reads values, operators and combinations', () => {
    expect(parseFilter({ author: 'Ada', n: { $gt: 3 } })).toEqual({
      op: 'and',
      of: [
        { op: 'in', field: { kind: 'metadata', name: 'author' }, values: ['Ada'] },
        { op: 'compare', field: { kind: 'metadata', name: 'n' }, how: 'gt', value: 3 },
      ],
    })
    expect(parseFilter({})).toEqual({ op: 'and', of: [] })
  })

  test('dates name stretches of time', () => {
    const time = { kind: 'time' } as const
    const compare = (how: string, date: string) => ({
      op: 'compare',
      field: time,
      how,
      value: Date.parse(date),
    })
    expect(parseFilter({ time: { $gt: '2024' } })).toEqual(compare('gte', '2025-01-01'))
    expect(parseFilter({ time: { $lte: '2024-02' } })).toEqual(compare('lt', '2024-03-01'))
    expect(parseFilter({ time: { $gte: '2024-02-29' } })).toEqual(compare('gte', '2024-02-29'))
    expect(parseFilter({ time: { $lt: '2024-02-29T10:00+02:00' } })).toEqual(
      compare('lt', '2024-02-29T08:00Z'),
    )
  })

  test('names of its own shadow metadata, which a prefix reaches', () => {
    expect(parseField('type')).toEqual({ kind: 'type' })
    expect(parseField('metadata.type')).toEqual({ kind: 'metadata', name: 'type' })
  })

  test.each([
    ['filter', 'x'],
    ['filter', [1]],
    ['filter', null],
    ['filter.$or', { $or: [] }],
    ['filter.$where', { $where: '1' }],
    ['filter.$and.1', { $and: [{}, 3] }],
    ['filter.a.$regex', { a: { $regex: 'x' } }],
    ['filter.a.$in', { a: { $in: 'x' } }],
    ['filter.a.$gt', { a: { $gt: true } }],
    ['filter.a.$eq', { a: { $eq: { b: 1 } } }],
    ['filter.a.$glob', { a: { $glob: '' } }],
    ['filter.a.$exists', { a: { $exists: 1 } }],
    ['filter.a', { a: {} }],
    ['filter.time.$gte', { time: { $gte: 'yesterday' } }],
    ['filter.time.$gte', { time: { $gte: '2024-02-30' } }],
    ['filter.time', { time: true }],
  ])('refuses what does not fit, naming %s', (field, filter) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', field }))
  })

  test('refuses what is nested too deep or has too many parts', () => {
    expect(() => parseFilter(nested(100))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    const wide = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i]))
    expect(() => parseFilter(wide)).toThrow('more than 1000 parts')
  })
})
