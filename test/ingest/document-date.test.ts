import { describe, expect, test } from 'vitest'
import { documentDate } from '../../src/ingest/document-date.js'

const FILE_MS = Date.UTC(2026, 0, 15)

function dated(uri: string, metadata = {}): string {
  return new Date(documentDate(metadata, uri, FILE_MS)).toISOString()
}

describe('the date of a document', () => {
  test.each([
    ['a.md', { date: '2024-03-11' }, '2024-03-11T00:00:00.000Z'],
    ['2020-01-01 a.md', { date: '2024-03-11T10:00:00Z' }, '2024-03-11T10:00:00.000Z'],
    ['a.html', { published: '2024-03-11T10:00:00+02:00' }, '2024-03-11T08:00:00.000Z'],
    ['a.eml', { sent: '2024-03-11T10:00:00.000Z', created: '2025-01-01' }, '2024-03-11T10:00:00.000Z'],
    ['a.html', { published: 'Mon, 11 Mar 2024 10:00:00 GMT' }, '2024-03-11T10:00:00.000Z'],
    ['a.md', { date: '2024' }, '2024-01-01T00:00:00.000Z'],
    ['a.md', { date: '2024-3-5' }, '2024-03-05T00:00:00.000Z'],
    ['a.md', { date: '5.3.2024' }, '2024-03-05T00:00:00.000Z'],
    ['a.md', { date: 'March 5, 2024' }, '2024-03-05T00:00:00.000Z'],
    ['a.md', { date: '5 Mar 2024' }, '2024-03-05T00:00:00.000Z'],
    ['a.md', { date: 'Sept. 2024' }, '2024-09-01T00:00:00.000Z'],
    ['a.md', { date: 'Mar 5, 2024 10:00 GMT' }, '2024-03-05T10:00:00.000Z'],
    ['a.md', { Date: '2024-03-05 14:00:00 +0200' }, '2024-03-05T12:00:00.000Z'],
    ['a.docx', { created: '2023-05-01T00:00:00Z', modified: '2024-05-01' }, '2023-05-01T00:00:00.000Z'],
  ])('%s with %j', (uri, metadata, expected) => {
    expect(dated(uri, metadata)).toBe(expected)
  })

  test.each([
    ['minutes/2024-03-11 board.md', '2024-03-11'],
    ['report_20240311.pdf', '2024-03-11'],
    ['2024_03_11.txt', '2024-03-11'],
    ['2024-03 minutes.txt', '2024-03-01'],
    ['Protokoll 11.03.2024.txt', '2024-03-11'],
    ['IMG_20240311_101500.jpg', '2024-03-11'],
  ])('in the name %s beats the file system', (uri, expected) => {
    expect(dated(uri)).toBe(`${expected}T00:00:00.000Z`)
    expect(dated(uri, { created: '2001-01-01' })).toBe(`${expected}T00:00:00.000Z`)
  })

  test.each([
    'a.md',
    '2024-02-31.md',
    'build-20241345.log',
    'call 0043 2024031155.txt',
    '2024-03-11/a.md',
    'v1.2.2024x.md',
    'isbn 9782024031100.pdf',
  ])('is that of the file for %s', (uri) => {
    expect(dated(uri)).toBe('2026-01-15T00:00:00.000Z')
  })

  test.each([
    { date: 'tomorrow' },
    { date: 20240311 },
    { date: '99999-01-01' },
    { date: '0001-01-01' },
    { date: null },
    { date: 'Feb 30, 2024' },
    { date: '31 June 2024' },
    { date: 'Tue 5' },
    { date: 'The 5' },
    { date: 'not before 2024' },
  ])('does not come from %j', (metadata) => {
    expect(dated('a.md', metadata)).toBe('2026-01-15T00:00:00.000Z')
  })
})
