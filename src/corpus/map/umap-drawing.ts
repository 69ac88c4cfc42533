import { UMAP } from 'umap-js'
import { nearestRows } from '../features/nearest-rows.js'
import type { Rows } from '../features/reduce-dimensions.js'
import { seededNumbers } from '../features/seeded-numbers.js'
import { placeAmong } from './place-among.js'
import { projectOntoPrincipalComponents } from './principal-components.js'

/** Neighbours of a row, with itself: the usual number. */
const NEIGHBOURS = 15
/** Rows that are drawn by UMAP; 20,000 would take three times as long and a gigabyte. */
const LANDMARKS = 5_000
const ROUNDS = 200
/** Half the longer side of what the rounds begin with, in UMAP's unit. */
const START = 10
/** How far points move in a round, in a drawing that is mended: less, as most lie well. */
const MENDING_RATE = 0.1
/** How near points may come, in UMAP's unit: with its usual 0.1 they lie upon one another on a screen. */
const MIN_DISTANCE = 0.4
const SEED = 1

/**
 * Rows of unit length in the plane, so that those next to one another stay so (UMAP: McInnes, Healy & Melville 2018): `x, y` of each
 * row. The first 5,000 are drawn, from `start` on, or their principal components, rather than at random, which keeps drawings alike;
 * the others are placed among them. At least 15 rows. `onRound` hears of each round.
 */
export function drawNeighbours(
  rows: Rows,
  start: Float32Array | undefined,
  onRound: (done: number, total: number) => void,
): Float32Array {
  const landmarks = { ...rows, size: Math.min(LANDMARKS, rows.size) }
  const random = seededNumbers(SEED)
  const learningRate = start === undefined ? 1 : MENDING_RATE
  const umap = new UMAP({
    nNeighbors: NEIGHBOURS,
    minDist: MIN_DISTANCE,
    nEpochs: ROUNDS,
    learningRate,
    random,
  })
  const { indices, distances } = neighbourLists(landmarks)
  umap.setPrecomputedKNN(indices, distances)
  // It looks at the points themselves only to find the neighbours that it is given.
  umap.initializeFit(indices)
  // Its own list, which it goes on with.
  const embedding = umap.getEmbedding()
  for (const [row, place] of startingPlaces(landmarks, start).entries())
    embedding[row]?.splice(0, 2, ...place)
  for (let round = 1; round <= ROUNDS; round++) {
    umap.step()
    onRound(round, ROUNDS)
  }
  const places = new Float32Array(2 * rows.size).fill(Number.NaN)
  for (const [row, place] of embedding.entries()) places.set(place, 2 * row)
  return placeAmong(rows, places)
}

/** Neighbours as UMAP wants them: each row is the first of its own. */
function neighbourLists(rows: Rows): { readonly indices: number[][]; readonly distances: number[][] } {
  const all = Array.from({ length: rows.size }, (_, row) => row)
  const count = NEIGHBOURS - 1
  const nearest = nearestRows(rows, all, all, count)
  const slice = (values: Int32Array | Float64Array, row: number) => [
    ...values.subarray(row * count, (row + 1) * count),
  ]
  return {
    indices: all.map((row) => [row, ...slice(nearest.rows, row)]),
    distances: all.map((row) => [0, ...slice(nearest.cosines, row).map((cosine) => Math.max(0, 1 - cosine))]),
  }
}

function startingPlaces(
  { values, width, size }: Rows,
  start: Float32Array | undefined,
): [x: number, y: number][] {
  const points = {
    rows: size,
    dimensions: width,
    values: Float32Array.from(values.subarray(0, size * width)),
  }
  const drawn = start?.subarray(0, 2 * size) ?? projectOntoPrincipalComponents(points)
  const half = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  return Array.from({ length: size }, (_, row) => [
    ((drawn[2 * row] ?? 0) * START) / half,
    ((drawn[2 * row + 1] ?? 0) * START) / half,
  ])
}
