import { createRequire } from 'node:module'
import { lazy } from '../lazy.js'

/** Google's SDK, loaded with the first client: who has no key goes without. */
export const sdk = lazy((): typeof import('@google/generative-ai') =>
  createRequire(import.meta.url)('@google/generative-ai'),
)
