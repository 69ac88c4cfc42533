import { describe, expect, test } from 'vitest'
import type { Extraction } from '../../src/extract/extractor.js'
import { subtitlesExtractor } from '../../src/extract/plain/subtitles.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, outline, textOf } from './expect-sound.js'

async function read(source: string, name = 'film.srt'): Promise<Extraction> {
  const extracted = extractedOf(await subtitlesExtractor.extract(bytesOf(source), { name, limits }))
  expectSound(extracted)
  return extracted
}

const words = (extracted: Extraction) => textOf(extracted).filter((text) => text !== '')
const times = ({ blocks }: Extraction) => blocks.flatMap(({ heading }) => heading ?? [])

/** `12.5` is `00:00:12,500`. */
function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 23).replace('.', ',')
}

const cue = (from: number, to: number, text: string) => `1\n${timeOf(from)} --> ${timeOf(to)}\n${text}\n\n`

describeExtractor('subtitlesExtractor', subtitlesExtractor, {
  name: 'film.srt',
  bytes: bytesOf(cue(1, 3, 'The lamps are lit') + cue(3, 5, 'at dusk.')),
  contains: 'The lamps are lit at dusk.',
})

test('cues are joined to paragraphs that end before a pause, without tags, located in the file', async () => {
  const source =
    cue(1, 3, '<i>The lamps</i>\n{\\an8}are lit') +
    cue(3, 5, 'at dusk.') +
    cue(12, 14, 'Who has the oil?') +
    cue(14, 16, '- Anna.\n- No, Bo.')
  const extracted = await read(source)
  expect(words(extracted)).toEqual(['The lamps are lit at dusk.', 'Who has the oil?', '- Anna.\n- No, Bo.'])
  expect(outline(extracted)).toEqual(['heading1 3-8', 'text 3-8', 'text 12-12', 'text 16-17'])
  expect(extracted).toMatchObject({ type: 'application/x-subrip', metadata: { durationSeconds: 16 } })
})

test('the time stands as a heading every two minutes, and paragraphs do not grow without end', async () => {
  const cues = Array.from({ length: 1_000 }, (_, i) =>
    cue(i * 3, i * 3 + 2, i % 7 === 0 ? 'It burns.' : 'the oil of lamps'),
  )
  const extracted = await read(cues.join(''))
  expect(times(extracted).slice(0, 2)).toEqual(['00:00:00', expect.stringMatching(/^00:02:/)])
  expect(times(extracted).length).toBeGreaterThan(18)
  expect(Math.max(...words(extracted).map((text) => text.length))).toBeLessThan(1_400)
})

test('WebVTT has a title, a language, speakers and notes that nobody says', async () => {
  const extracted = await read(
    `WEBVTT - Evening talk
Kind: captions
Language: en-GB

NOTE not said

STYLE
::cue { color: red }

intro
00:01.000 --> 00:03.000 align:start
<v.loud Anna>Light <b>the</b> lamp.

00:03.000 --> 01:00:05.000
<v Bo>Salt &amp; oil<00:04.000><c> burn</c>.
`,
    'talk.vtt',
  )
  expect(words(extracted)).toEqual(['Anna: Light the lamp.', 'Bo: Salt & oil burn.'])
  expect(extracted).toMatchObject({
    title: 'Evening talk',
    type: 'text/vtt',
    metadata: { language: 'en-GB', durationSeconds: 3605 },
  })
})

test('captions that roll say each line once', async () => {
  expect(
    words(await read(cue(1, 2, 'one two') + cue(2, 3, 'one two\nthree') + cue(3, 4, 'three\nfour'))),
  ).toEqual(['one two three four'])
})

describe('files of other programs', () => {
  test.each([
    [
      'without blank lines',
      '1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:02,000 --> 00:00:03,000\ntwo',
      'one two',
    ],
    ['without numbers', '00:00:01.0 --> 00:00:02.0\none\n\n00:00:02.0 --> 00:00:03.0\ntwo', 'one two'],
    ['with spaces around', ' 1 \n 00:00:01,000  -->  00:00:02,000 \n one \n', 'one'],
  ])('%s', async (_, source, expected) => {
    expect(words(await read(source))).toEqual([expected])
  })

  test.each([
    ['no subtitles', 'words only'],
    ['no words', '1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n'],
  ])('%s', async (_, source) => {
    expect(await subtitlesExtractor.extract(bytesOf(source), { name: 'a.srt', limits })).toMatchObject({
      skipped: 'NO_TEXT',
    })
  })
})
