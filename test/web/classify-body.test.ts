import { describe, expect, it } from 'vitest'
import { classifyBody, labelRows, whatIsMissing } from '../../src/web/overview/labels/classify-body.js'
import { type LabelEntry, NO_LABELS } from '../../src/web/state/labels-route.js'

const label = (name: string, description = '', examples = ''): LabelEntry => ({ name, description, examples })
const sea = label(' sea ', '', 'boats\n\n  sails \n')
const kitchen = label('kitchen', ' bread ')
const route = { ...NO_LABELS, labels: [sea, label(''), kitchen] }

describe('labels as they are asked for', () => {
  it('have what was written of them; empty ones are left out', () => {
    expect(classifyBody(route)).toEqual({
      labels: [
        { name: 'sea', examples: ['boats', 'sails'] },
        { name: 'kitchen', description: 'bread' },
      ],
      minProbability: 0.5,
    })
  })

  it('are given to documents of a collection and path, or to texts between empty lines', () => {
    const ofDocuments = { ...route, collection: 'a', path: ' *.md ', least: '5' }
    expect(classifyBody(ofDocuments)).toMatchObject({
      collection: 'a',
      filter: { path: { $glob: '*.md' } },
      minProbability: 0.05,
    })
    const body = classifyBody({ ...ofDocuments, texts: 'one\nline two\n \n\ntwo\n' })
    expect(body.texts).toEqual(['one\nline two', 'two'])
    expect(body).not.toHaveProperty('collection')
    expect(body).not.toHaveProperty('filter')
  })

  it('are two at least, each with a name and something that describes it', () => {
    expect(labelRows(NO_LABELS)).toHaveLength(2)
    expect(whatIsMissing(NO_LABELS)).toMatch(/Two labels/)
    expect(whatIsMissing({ ...route, labels: [sea] })).toMatch(/Two labels/)
    expect(whatIsMissing({ ...route, labels: [sea, label('', 'x')] })).toMatch(/no name/)
    expect(whatIsMissing({ ...route, labels: [sea, label('b', ' ')] })).toMatch(/“b” needs/)
    expect(whatIsMissing({ ...route, texts: ' \n ' })).toMatch(/no text/)
    expect(whatIsMissing(route)).toBeUndefined()
  })
})
