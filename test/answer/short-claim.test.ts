import { describe, expect, it } from 'vitest'
import { checkClaim } from '../../src/answer/check-claim.js'
import { readPassage } from '../../src/text/read-passage.js'

function isBorne(claim: string, question: string, passage: string): boolean {
  return checkClaim(claim, readPassage(passage, 'Handbook'), { question }).verified
}

const TABLE = `| Hut | Beds | Price per night |
|---|---|---|
| Griesalm | 24 | €18 |
| Harrow | 16 | €22 |`
const RECORDS = `Date: 2023-03-11 | Snow depth [cm]: 161 | New snow [cm]: 4
Date: 2023-03-12 | Snow depth [cm]: 158 | New snow [cm]: 0`

describe('an answer of a word or two', () => {
  it.each([
    ['the row that the question names', '€22.', 'What does a night at Harrow cost?', TABLE, true],
    ['another row', '€18.', 'What does a night at Harrow cost?', TABLE, false],
    [
      'the record of the day, in the unit of its column',
      '158 cm.',
      'Snow depth on 12 March 2023',
      RECORDS,
      true,
    ],
    ['the record of another day', '161 cm.', 'Snow depth on 12 March 2023', RECORDS, false],
    ['another column of the record', '158 cm.', 'New snow on 12 March 2023', RECORDS, false],
    ['another unit than its column has', '158 mm.', 'Snow depth on 12 March 2023', RECORDS, false],
  ])('is looked for in %s', (_, claim, question, passage, verdict) => {
    expect(isBorne(claim, question, passage)).toBe(verdict)
  })

  it.each([
    ['11 euros.', true],
    ['14 euros.', false],
  ])('is the amount with most of the question beside it: %s', (claim, verdict) => {
    const passage = 'The calendar costs 14 euros, for members 11 euros.'
    expect(isBorne(claim, 'What does the calendar cost for members?', passage)).toBe(verdict)
  })

  it.each([
    ['14 euros.', 'What is the fee for members?', 'The fee is 14 euros (members), 20 euros (guests).', true],
    ['20 euros.', 'What is the fee for members?', 'The fee is 14 euros (members), 20 euros (guests).', false],
    [
      'In 2019.',
      'In which year did the association reach 38 stations?',
      'In 2019, the association reached 38 stations.',
      true,
    ],
    [
      'From 1 May.',
      'From when is the hut open for groups?',
      'From 1 May, the hut is open for groups until 30 September.',
      true,
    ],
    [
      '2019.',
      'When was the roof repaired?',
      '| Year | Work | Cost |\n|---|---|---|\n| 2019 | Roof repaired | 12,400 |',
      true,
    ],
    ['16.', 'How many beds does Harrow have?', 'Beds: 16 | Hut: Harrow | Price: 22', true],
    ['22.', 'How many beds does Harrow have?', 'Beds: 16 | Hut: Harrow | Price: 22', false],
  ])(
    'is the amount that the words are about, wherever they stand: %s %s',
    (claim, question, passage, verdict) => {
      expect(isBorne(claim, question, passage)).toBe(verdict)
    },
  )

  it('may speak of the amount that is no longer so only where that is asked for', () => {
    const passage = 'The premium rises from €7.20 to €9.10 for each volunteer.'
    expect(isBorne('€9.10.', 'What is the premium for a volunteer?', passage)).toBe(true)
    expect(isBorne('€7.20.', 'What is the premium for a volunteer?', passage)).toBe(false)
    expect(isBorne('€7.20.', 'What was the premium for a volunteer before?', passage)).toBe(true)
  })

  it.each([
    ['€7.20.', 'What did the premium rise from?', 'The premium rises from €7.20 to €9.10.', true],
    ['€7.20.', 'What did the premium rise to?', 'The premium rises from €7.20 to €9.10.', false],
    ['From €7.20 to €9.10.', 'How does the premium change?', 'The premium rises from €7.20 to €9.10.', true],
    ['7 Euro.', 'Wie hoch ist der Beitrag?', 'Der Beitrag wurde von 7 auf 9 Euro erhöht.', false],
    ['5 euros.', 'What is the fee?', 'The fee will rise from 5 euros to 6 euros.', false],
    ['From 8:00.', 'From when is drop-off possible?', 'Drop-off is possible from 8:00 to 10:00.', true],
    ['From 3 June.', 'From when are changes possible?', 'Changes are possible from 3 to 21 June.', true],
    ['From 8.', 'When does the lower hut open?', 'The lower hut is open from 8 to 18.', true],
    ['38.', 'Wie viele Stationen hat das Netz?', 'Das Netz hat bisher 38 Stationen, davon 26 im Tal.', true],
  ])('is former where a change is told: %s %s', (claim, question, passage, verdict) => {
    expect(isBorne(claim, question, passage)).toBe(verdict)
  })

  it('is not taken from a sentence about something else than the better one', () => {
    const passage = 'The mast may be painted. The radiation shield has to stay white.'
    expect(isBorne('The radiation shield.', 'Which part has to stay white?', passage)).toBe(true)
    expect(isBorne('The mast.', 'Which part has to stay white?', passage)).toBe(false)
  })

  it('is not stitched together from two sentences', () => {
    const passage = 'The spare key of the hut is in the drawer. A red spare key of the hut was lost.'
    expect(isBorne('In the drawer.', 'Where is the spare key of the hut?', passage)).toBe(true)
    expect(isBorne('In the red drawer.', 'Where is the spare key of the hut?', passage)).toBe(false)
  })

  it('is an amount that a sentence with more of the question, but no amount, does not outdo', () => {
    const passage =
      '- Volunteers send their receipts to the treasurer.\n- Receipts have to reach the office by 30 June.'
    const question = 'By when must volunteers send their receipts to the treasurer?'
    expect(isBorne('By 30 June.', question, passage)).toBe(true)
    expect(isBorne('By 31 July.', question, passage)).toBe(false)
  })

  it('takes the words of its question from the sentence that a pronoun means', () => {
    const passage = 'Hunde schlafen im Keller. Das kostet 6 € pro Nacht, eine Schüssel Wasser inbegriffen.'
    expect(isBorne('6 € pro Nacht.', 'Was zahle ich, wenn mein Hund hier schläft?', passage)).toBe(true)
    expect(isBorne('7 € pro Nacht.', 'Was zahle ich, wenn mein Hund hier schläft?', passage)).toBe(false)
  })

  it('affirms nothing that the sentence denies', () => {
    const passage = 'Your own ski breaking is, sadly, not covered.'
    expect(isBorne('Yes.', 'Is my own ski covered when it breaks?', passage)).toBe(false)
    expect(isBorne('Yes.', 'Is my own ski insured when it breaks?', passage)).toBe(false)
    const row = 'Hut: Harrow | Dogs allowed: no | Beds: 16'
    expect(isBorne('Yes.', 'Are dogs allowed at Harrow?', row)).toBe(false)
    expect(isBorne('No.', 'Are dogs allowed at Harrow?', row)).toBe(true)
    expect(isBorne('16.', 'How many beds does Harrow have?', row)).toBe(true)
    const exception = 'Dogs are allowed in the hut, but not in the kitchen.'
    expect(isBorne('Yes.', 'Are dogs allowed in the hut?', exception)).toBe(true)
    expect(isBorne('Yes.', 'Are dogs allowed in the kitchen?', exception)).toBe(false)
  })

  it('is due by the day that stands behind what is left out', () => {
    const passage = 'Payable without deduction by 28 June 2024.'
    expect(isBorne('By 28 June 2024.', 'By when do we have to pay?', passage)).toBe(true)
    expect(isBorne('By 29 June 2024.', 'By when do we have to pay?', passage)).toBe(false)
  })
})

it('counts the amounts of the question as known, so that they part no two sentences', () => {
  const passage = 'The thermostat reads 6 degrees too low. To get 60 degrees set it to 54.'
  const claim = '54, because the thermostat reads 6 degrees too low.'
  expect(isBorne(claim, 'What do I set if I want 60 degrees?', passage)).toBe(true)
  expect(isBorne(claim.replace('54', '66'), 'What do I set if I want 60 degrees?', passage)).toBe(false)
})
