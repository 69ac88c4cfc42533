import { expect, test } from 'vitest'
import { firstHeading, realTitle } from '../../src/extract/real-title.js'
import type { Block } from '../../src/types.js'

test.each([
  'Microsoft Word - report.doc',
  'PowerPoint Presentation',
  'PowerPoint-Präsentation',
  'Untitled',
  'untitled 2',
  'Document1',
  'Word Document',
  'Präsentation (3)',
  'Book1',
  'Mappe 1',
  'Annual report.docx',
  'Template',
  '无标题',
  '   ',
  '---',
  undefined,
])('%j is no title', (given) => expect(realTitle(given)).toBeUndefined())

test.each([
  ['The lamps of Stebbing', 'The lamps of Stebbing'],
  ['  A\n title ', 'A title'],
  ['Book of Lamps', 'Book of Lamps'],
  ['Document management', 'Document management'],
  ['Template method', 'Template method'],
  ['1984', '1984'],
  ['Word 2019 for beginners', 'Word 2019 for beginners'],
  ['Presentation skills', 'Presentation skills'],
  ['node.js', 'node.js'],
])('%j is one', (given, title) => expect(realTitle(given)).toBe(title))

test('the first of the highest headings names a document', () => {
  const heading = (level: number, words: string): Block => ({
    kind: 'heading',
    start: 0,
    end: 0,
    level,
    heading: words,
    location: { kind: 'section', path: [] },
  })
  expect(firstHeading([heading(2, 'Foreword'), heading(1, 'Lamps'), heading(1, 'Oil')])).toBe('Lamps')
  expect(firstHeading([heading(3, 'Only')])).toBe('Only')
  expect(firstHeading([])).toBeUndefined()
})
