import { expect, test, vi } from 'vitest'
import { lazy, lazyAsync } from '../src/lazy.js'

test('what is lazy is made once, when it is first asked for', () => {
  const make = vi.fn(() => undefined)
  const value = lazy(make)
  expect(make).not.toHaveBeenCalled()
  expect([value(), value()]).toEqual([undefined, undefined])
  expect(make).toHaveBeenCalledTimes(1)
})

test('what could not be made is made the next time', () => {
  const make = vi.fn(() => 'made')
  make.mockImplementationOnce(() => {
    throw new Error('not yet')
  })
  const value = lazy(make)
  expect(value).toThrow('not yet')
  expect(value()).toBe('made')
})

test('what is made asynchronously is made once for all who wait, and anew after a rejection', async () => {
  const make = vi.fn(async () => 'made')
  make.mockRejectedValueOnce(new Error('not yet'))
  const value = lazyAsync(make)
  expect(await Promise.allSettled([value(), value()])).toEqual([
    { status: 'rejected', reason: new Error('not yet') },
    { status: 'rejected', reason: new Error('not yet') },
  ])
  expect(make).toHaveBeenCalledTimes(1)
  expect(await Promise.all([value(), value()])).toEqual(['made', 'made'])
  expect(make).toHaveBeenCalledTimes(2)
})
