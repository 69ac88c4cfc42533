import { describe, expect, test } from 'vitest'
import { type Pixels, stampDiscs } from '../../src/web/map/stamp-discs.js'

const RED = { red: 200, green: 0, blue: 0, opacity: 1 }
const BLUE = { red: 0, green: 0, blue: 100, opacity: 0.5 }

function blank(width: number, height: number): Pixels {
  return { data: new Uint8ClampedArray(4 * width * height), width, height }
}

function pixelAt({ data, width }: Pixels, x: number, y: number): number[] {
  return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)]
}

describe('discs on pixels', () => {
  test('are whole in the middle, smooth at the edge and nothing beyond', () => {
    const pixels = blank(11, 11)
    stampDiscs(pixels, [[5, 5]], 3, RED)
    expect(pixelAt(pixels, 5, 5)).toEqual([200, 0, 0, 255])
    expect(pixelAt(pixels, 8, 5)).toEqual([200, 0, 0, 128])
    expect(pixelAt(pixels, 9, 5)).toEqual([0, 0, 0, 0])
    expect(pixelAt(pixels, 8, 8)).toEqual([0, 0, 0, 0])
  })

  test('cover about the area of a circle', () => {
    const pixels = blank(41, 41)
    stampDiscs(pixels, [[20, 20]], 12, RED)
    const covered = pixels.data.reduce((sum, value, i) => sum + (i % 4 === 3 ? value / 255 : 0), 0)
    expect(covered / (Math.PI * 144)).toBeCloseTo(1, 1)
  })

  test('show the one that covers a pixel most', () => {
    const pixels = blank(5, 5)
    stampDiscs(pixels, [[1, 2]], 1, BLUE)
    stampDiscs(pixels, [[2, 2]], 1, RED)
    stampDiscs(pixels, [[3, 2]], 1, BLUE)
    expect(pixelAt(pixels, 2, 2)).toEqual([200, 0, 0, 255])
    expect(pixelAt(pixels, 0, 2)).toEqual([0, 0, 100, 64])
  })

  test('are cut at the edges of the picture, and left out beyond', () => {
    const pixels = blank(4, 4)
    stampDiscs(
      pixels,
      [
        [0, 0],
        [3, 3],
        [-50, 2],
        [2, 900],
      ],
      1.5,
      RED,
    )
    expect(pixelAt(pixels, 0, 0)[3]).toBe(255)
    expect(pixelAt(pixels, 3, 3)[3]).toBe(255)
    expect(pixelAt(pixels, 0, 3)[3]).toBe(0)
  })
})
