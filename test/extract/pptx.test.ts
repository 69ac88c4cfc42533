import { describe, expect, test } from 'vitest'
import { chunkDocument } from '../../src/chunk/chunk-document.js'
import { pptxExtractor } from '../../src/extract/office/pptx.js'
import { describeExtractor } from '../contract/extractor.js'
import { goodFiles } from './good-files.js'
import {
  slideParagraph as a,
  coreProperties,
  type Parts,
  pptxOf,
  relationships,
  shapeOf,
  slidePart,
} from './office-files.js'
import { blocksOf, formatOf, placeOf, readOffice, skipOf } from './read-office.js'

const good = goodFiles.find(({ format }) => format === 'pptx')
if (good === undefined) throw new Error('no good file')
describeExtractor('pptxExtractor', pptxExtractor, { ...good, bytes: good.build() })

const read = (slides: readonly string[], more: Parts = {}) => readOffice(pptxExtractor, pptxOf(slides, more))

describe('a presentation', () => {
  test('is read slide by slide in the order of the show', async () => {
    const whole = await readOffice(pptxExtractor, good.build())
    expect(blocksOf(whole)).toEqual([
      'heading1 Lamps',
      'list - Lamps are lit at dusk\n  - by hand',
      'table Lamp | Height\nNorth | 12 m',
      'text Notes: Speak slowly',
      'heading1 <Slide 2 (hidden)>',
      'text Oil in barrels',
      'table  | Barrels\nMay | 7',
    ])
    expect(whole.title).toBe('Lamps')
    expect(placeOf(whole, 'North')).toEqual({ kind: 'slide', n: 1 })
    expect(placeOf(whole, 'Oil')).toEqual({ kind: 'slide', n: 2 })
  })

  test('has each passage on one slide', async () => {
    const whole = await read(
      ['one', 'two', 'three'].map((word) =>
        slidePart(shapeOf([word], 'type="title"') + shapeOf([`${word} body`])),
      ),
    )
    const passages = chunkDocument(whole).map(({ text, location }) => [
      text,
      location.kind === 'slide' && location.n,
    ])
    expect(passages).toEqual([
      ['one\n\none body', 1],
      ['two\n\ntwo body', 2],
      ['three\n\nthree body', 3],
    ])
  })

  test('has shapes by rows from the top, groups together, without what repeats on each slide', async () => {
    const group = `<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="5000000"/></a:xfrm></p:grpSpPr>${shapeOf(['inner low'], '', 'x="0" y="900000"')}${shapeOf(['inner high'], '', 'x="0" y="0"')}</p:grpSp>`
    const slide = slidePart(
      shapeOf(['right'], '', 'x="5000000" y="1000000"') +
        group +
        shapeOf(['left'], '', 'x="100" y="1100000"') +
        shapeOf(['7'], 'type="sldNum"') +
        shapeOf(['Footer'], 'type="ftr"') +
        shapeOf(
          [`<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld><a:r><a:t>top</a:t></a:r></a:p>`],
          '',
          'x="9" y="9"',
        ),
    )
    expect(blocksOf(await read([slide]))).toEqual([
      'heading1 <Slide 1>',
      'text top',
      'text left',
      'text right',
      'text inner high',
      'text inner low',
    ])
  })

  test('has placeholders where their layout or its master puts them', async () => {
    const slide = slidePart(
      shapeOf(['from master'], 'type="body" idx="2"') +
        shapeOf(['placed'], '', 'x="0" y="3000000"') +
        shapeOf(['from layout'], 'idx="1"'),
    )
    const whole = await read([slide], {
      'ppt/slides/_rels/slide1.xml.rels': relationships(['r', 'slideLayout', '../slideLayouts/l.xml']),
      'ppt/slideLayouts/l.xml': slidePart(shapeOf([''], 'idx="1"', 'x="0" y="100"'), '', 'sldLayout'),
      'ppt/slideLayouts/_rels/l.xml.rels': relationships(['r', 'slideMaster', '../slideMasters/m.xml']),
      'ppt/slideMasters/m.xml': slidePart(shapeOf([''], 'type="body"', 'x="0" y="6000000"'), '', 'sldMaster'),
    })
    expect(blocksOf(whole).slice(1)).toEqual(['list - from layout', 'text placed', 'list - from master'])
  })

  test('has bullets, numbers, breaks and merged cells', async () => {
    const auto = '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>'
    const cell = (text: string, merge = '') => `<a:tc ${merge}><a:txBody>${a(text)}</a:txBody></a:tc>`
    const table = `<p:graphicFrame><a:tbl><a:tr>${cell('wide', 'gridSpan="2"')}${cell('', 'hMerge="1"')}</a:tr><a:tr>${cell('tall', 'rowSpan="2"')}${cell('x')}</a:tr><a:tr>${cell('', 'vMerge="1"')}${cell('y')}</a:tr></a:tbl></p:graphicFrame>`
    const slide = slidePart(
      shapeOf([
        a('one', auto),
        a('inner', '<a:pPr lvl="1"><a:buChar char="x"/></a:pPr>'),
        a('two', auto),
        a('plain'),
      ]) +
        shapeOf(
          [
            a('none', '<a:pPr><a:buNone/></a:pPr>'),
            '<a:p><a:r><a:t>a</a:t></a:r><a:br/><a:r><a:t>b</a:t></a:r></a:p>',
          ],
          'type="body"',
        ) +
        table,
    )
    expect(blocksOf(await read([slide])).slice(1)).toEqual([
      'list 1. one\n  - inner\n2. two',
      'text plain',
      'text none',
      'list - a\n  b',
      'table wide\ntall | x\ntall | y',
    ])
  })

  test('has comments old and new, diagrams, and what pictures show', async () => {
    const picture =
      '<p:pic><p:nvPicPr><p:cNvPr id="2" name="Picture 1" descr="A lamp at night"/></p:nvPicPr></p:pic>'
    const diagram =
      '<p:graphicFrame><a:graphic><dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="d"/></a:graphic></p:graphicFrame>'
    const whole = await read([slidePart(shapeOf(['Plan'], 'type="ctrTitle"') + picture + diagram)], {
      'ppt/_rels/presentation.xml.rels': relationships(
        ['rId1', 'slide', 'slides/slide1.xml'],
        ['x', 'commentAuthors', 'commentAuthors.xml'],
        ['y', 'authors', 'authors.xml'],
      ),
      'ppt/commentAuthors.xml':
        '<p:cmAuthorLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cmAuthor id="0" name="Ada"/></p:cmAuthorLst>',
      'ppt/authors.xml': '<p188:authorLst xmlns:p188="x"><p188:author id="{1}" name="Bo"/></p188:authorLst>',
      'ppt/slides/_rels/slide1.xml.rels': relationships(
        ['c', 'comments', '../comments/old.xml'],
        ['n', 'comments', '../comments/new.xml'],
        ['d', 'diagramData', '../diagrams/data1.xml'],
      ),
      'ppt/comments/old.xml':
        '<p:cmLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cm authorId="0"><p:text>Too long</p:text></p:cm></p:cmLst>',
      'ppt/comments/new.xml': `<p188:cmLst xmlns:p188="x" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p188:cm authorId="{1}"><p188:replyLst><p188:reply authorId="{9}"><p188:txBody>${a('Agreed')}</p188:txBody></p188:reply></p188:replyLst><p188:txBody>${a('Shorten')}</p188:txBody></p188:cm></p188:cmLst>`,
      'ppt/diagrams/data1.xml': `<dgm:dataModel xmlns:dgm="x" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:pt>${a('Fill')}</dgm:pt><dgm:pt>${a('Light')}</dgm:pt></dgm:dataModel>`,
      'docProps/core.xml': coreProperties('<dc:title>PowerPoint Presentation</dc:title>'),
    })
    expect(blocksOf(whole)).toEqual([
      'heading1 Plan',
      'text [Picture: A lamp at night]',
      'list - Fill\n- Light',
      'text [Comment by Ada: Too long]',
      'text [Comment by Bo: Shorten]',
      'text [Comment: Agreed]',
    ])
    expect(whole.title).toBe('Plan')
  })

  test('says how many slides it left out', async () => {
    const slides = [1, 2, 3].map((n) => slidePart(shapeOf([`slide ${n}`])))
    const whole = await readOffice(pptxExtractor, pptxOf(slides), { maxParts: 2 })
    expect(whole.truncated).toBe('Only the first 2 of 3 slides were read')
    expect(whole.text).toBe('slide 1\n\nslide 2')
  })

  test.each<[string, Uint8Array, string]>([
    ['without words', pptxOf([slidePart('')]), 'NO_TEXT'],
    ['without slides', pptxOf([]), 'NO_TEXT'],
    ['of words', new TextEncoder().encode('words'), 'PARSE_ERROR'],
    ['of groups without end', pptxOf([slidePart('<p:grpSp>'.repeat(2000))]), 'TOO_DEEP'],
  ])('%s is skipped', async (_, bytes, skipped) => {
    expect(await skipOf(pptxExtractor, bytes)).toEqual({ skipped })
  })

  test('is known by its content', () => expect(formatOf('a.docx', good.build())).toBe('PowerPoint'))
})
