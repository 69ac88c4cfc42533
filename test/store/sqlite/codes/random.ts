/** Numbers that are the same in every run: uniform in [0, 1), and normal with deviation 1 (the sum of twelve uniform ones). */
export function createRandom(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed
  const uniform = () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = () => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += uniform()
    return sum
  }
  return { uniform, normal }
}
