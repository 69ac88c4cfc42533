import { GemdexError } from '../../../errors.js'
import type { CodeKernel } from './code-kernel.js'
import { type CodeLayout, layoutOf, SEGMENT_SLOTS } from './code-layout.js'
import { type KernelChoice, loadCodeKernel } from './load-kernel.js'
import { writeSigns } from './rotation-signs.js'

const PAGE_BYTES = 65_536
/** All that 32 bits address: some 30 million passages of 768 dimensions. The system gives memory as it is written to. */
const MAX_PAGES = 65_536

/** The memory that threads search in together, as it is passed to a worker. */
export type SharedCodes = {
  readonly memory: WebAssembly.Memory
  /** How many threads work with it, each in a lane of its own. */
  readonly lanes: number
}

export function createSharedCodes(lanes: number): SharedCodes {
  return { memory: new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true }), lanes }
}

/** Which vectors the codes stand for, and how they were made. */
export type CodeSetup = {
  readonly setId: number
  /** Grows with every change of the mean or the set. */
  readonly generation: number
  readonly dimensions: number
}

/** How far the codes have followed the index. */
export type CodeProgress = { readonly lastChunk: number; readonly lastRemoval: number }

/** Numbers of the header: of 32 bits each, then of 64. The lock holds the lane that has it, plus 1. */
const LOCK = 0
const VERSION = 1
const SLOTS = 2
const DEAD = 3
const DIMENSIONS = 4
const SET = 5
const GENERATION = 16
const LAST_CHUNK = 17
const LAST_REMOVAL = 18

/** How long a thread waits for another that writes: longer than coding a million vectors takes. */
const LOCK_PATIENCE_MS = 120_000

export type CodeViews = {
  readonly buffer: SharedArrayBuffer
  readonly u8: Uint8Array
  readonly i8: Int8Array
  readonly u16: Uint16Array
  readonly i32: Int32Array
  readonly u32: Uint32Array
  readonly f32: Float32Array
  readonly f64: Float64Array
}

/**
 * One thread's hold on the memory of codes. Readers take no lock: they compare `version` before and after, and do it again
 * when it has changed in between (a sequence lock). Writers exclude one another.
 */
export interface CodeSpace {
  readonly kernel: CodeKernel
  readonly lane: number
  readonly layout: CodeLayout
  readonly views: CodeViews
  readonly slots: number
  readonly dead: number
  /** Changes with every change; odd while one is under way. */
  readonly version: number
  /** Undefined while nothing has been set up. */
  readonly setup: CodeSetup | undefined
  readonly progress: CodeProgress
  /** Runs a change that no other thread joins in. */
  exclusively<T>(change: () => T): T
  /** Inside `exclusively`: forgets all codes and makes room for those of another kind. The mean is of rotated vectors. */
  setUp(setup: CodeSetup, mean: Float32Array): void
  /** Inside `exclusively`: forgets all. */
  clear(): void
  /** Inside `exclusively`. */
  setSlots(slots: number, dead: number): void
  setProgress(progress: CodeProgress): void
}

/** @param lane Of this thread: 0 to `lanes` - 1, each used by one. */
export function openCodeSpace(
  { memory, lanes }: SharedCodes,
  lane: number,
  kernelChoice: KernelChoice = 'best',
): CodeSpace {
  const kernel = loadCodeKernel(memory, kernelChoice)
  let views = viewsOf(memory.buffer)
  let layout = layoutOf(1, lanes)
  let holdsLock = false

  const current = () => {
    // Another thread may have grown it.
    if (views.buffer !== memory.buffer) views = viewsOf(memory.buffer)
    return views
  }
  const read = (at: number) => Atomics.load(current().i32, at)
  const write = (at: number, value: number) => Atomics.store(current().i32, at, value)

  function lock(): void {
    const { i32 } = current()
    for (;;) {
      const holder = Atomics.compareExchange(i32, LOCK, 0, lane + 1)
      if (holder === 0) return
      if (Atomics.wait(i32, LOCK, holder, LOCK_PATIENCE_MS) === 'timed-out')
        throw new GemdexError('STORE_BUSY', 'The codes of the index have been changing for two minutes')
    }
  }

  function unlock(): void {
    const { i32 } = current()
    Atomics.store(i32, LOCK, 0)
    Atomics.notify(i32, LOCK, 1)
  }

  function reserve(bytes: number): void {
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES)
    if (missing > 0) memory.grow(missing)
  }

  return {
    kernel,
    lane,
    get layout() {
      const dimensions = read(DIMENSIONS)
      if (dimensions !== 0 && dimensions !== layout.dimensions) layout = layoutOf(dimensions, lanes)
      return layout
    },
    get views() {
      return current()
    },
    get slots() {
      return read(SLOTS)
    },
    get dead() {
      return read(DEAD)
    },
    get version() {
      return read(VERSION)
    },
    get setup() {
      const dimensions = read(DIMENSIONS)
      if (dimensions === 0) return undefined
      return { setId: read(SET), generation: current().f64[GENERATION] ?? 0, dimensions }
    },
    get progress() {
      const { f64 } = current()
      return { lastChunk: f64[LAST_CHUNK] ?? 0, lastRemoval: f64[LAST_REMOVAL] ?? 0 }
    },

    exclusively(change) {
      if (holdsLock) return change()
      lock()
      holdsLock = true
      write(VERSION, read(VERSION) + 1)
      try {
        return change()
      } finally {
        write(VERSION, read(VERSION) + 1)
        holdsLock = false
        unlock()
      }
    },

    setUp({ setId, generation, dimensions }, mean) {
      write(SLOTS, 0)
      write(DEAD, 0)
      write(DIMENSIONS, dimensions)
      write(SET, setId)
      const { layout } = this
      reserve(layout.end(0))
      const { f32, f64 } = current()
      f64[GENERATION] = generation
      writeSigns(f32, layout)
      f32.set(mean, layout.mean / 4)
      this.setProgress({ lastChunk: 0, lastRemoval: 0 })
    },

    clear() {
      write(DIMENSIONS, 0)
    },

    setSlots(slots, dead) {
      reserve(this.layout.end(Math.ceil(slots / SEGMENT_SLOTS)))
      write(SLOTS, slots)
      write(DEAD, dead)
    },

    setProgress({ lastChunk, lastRemoval }) {
      const { f64 } = current()
      f64[LAST_CHUNK] = lastChunk
      f64[LAST_REMOVAL] = lastRemoval
    },
  }
}

/** Releases what a thread held that died at work. What it left half done is forgotten, and loaded again. */
export function recoverCodes({ memory }: SharedCodes, lane: number): void {
  const { i32 } = viewsOf(memory.buffer)
  if (Atomics.load(i32, LOCK) !== lane + 1) return
  Atomics.store(i32, DIMENSIONS, 0)
  Atomics.store(i32, VERSION, Atomics.load(i32, VERSION) + 1)
  Atomics.store(i32, LOCK, 0)
  Atomics.notify(i32, LOCK, 1)
}

function viewsOf(buffer: SharedArrayBuffer): CodeViews {
  return {
    buffer,
    u8: new Uint8Array(buffer),
    i8: new Int8Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  }
}
