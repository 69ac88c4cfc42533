import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readAhead } from '../../src/ingest/read-ahead.js'

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const result of results) all.push(result)
  return all
}

describe('reading ahead', () => {
  test('gives the results in order, whatever their timing', async () => {
    const delays = [30, 1, 20, 0, 10, 5]
    const results = readAhead(delays, 3, async (ms) => {
      await wait(ms)
      return ms
    })
    expect(await collect(results)).toEqual(delays)
  })

  test('has as many under way as it may, and no more', async () => {
    let underWay = 0
    let most = 0
    const read = async (item: number) => {
      most = Math.max(most, ++underWay)
      await wait(5)
      underWay--
      return item
    }
    await collect(readAhead([1, 2, 3, 4, 5, 6, 7, 8], 3, read))
    expect(most).toBe(3)
  })

  test('throws a fault in its turn, after the results before it', async () => {
    const seen: number[] = []
    const results = readAhead([1, 2, 3], 3, async (item) => {
      if (item === 2) throw new Error('torn')
      await wait(10)
      return item
    })
    const consume = async () => {
      for await (const result of results) seen.push(result)
    }
    await expect(consume()).rejects.toThrow('torn')
    expect(seen).toEqual([1])
  })

  test('reads nothing further once its consumer stops, and waits for what is under way', async () => {
    const begun: number[] = []
    let done = 0
    for await (const _ of readAhead([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item)
      await wait(item * 5)
      done++
    })) {
      break
    }
    const before = begun.length
    await wait(30)
    expect(begun.length).toBe(before)
    expect(done).toBe(before)
  })

  test('of nothing is nothing', async () => {
    expect(await collect(readAhead([], 2, async () => 1))).toEqual([])
  })
})
