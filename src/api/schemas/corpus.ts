import { z } from 'zod'
import { answerFields } from '../fields.js'

const coordinate = z.number().min(-1).max(1)

export const corpusMap = answerFields({
  state: z
    .enum(['ready', 'computing'])
    .describe('computing: a newer map is being made; the points are those of the one before, if any'),
  projection: z.enum(['pca']).describe('how the vectors were brought into the plane'),
  total: z.int().min(0).describe('documents there are; points are those with vectors, and at most 20,000'),
  points: z.array(
    answerFields({
      documentId: z.string(),
      title: z.string(),
      uri: z.string(),
      collection: z.string(),
      type: z.string().describe('media type of what was read'),
      x: coordinate,
      y: coordinate,
    }),
  ),
})
