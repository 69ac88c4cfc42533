import { describe, expect, test } from 'vitest'
import { rewriteFollowUp } from '../../src/answer/rewrite-follow-up.js'

const LEAVE = {
  question: 'How many days of annual leave are there?',
  answer: 'The annual leave is 27 working days for a full-time contract.',
}
const OFFICE = { question: 'When does the office in Lindach open?', answer: 'It opens at nine.' }
const BUILDER = { question: 'Who built the Harrow Hut?', answer: 'Osbert Lanyon built it in 1931.' }

describe('a follow-up without a model', () => {
  test.each([
    ['What does it cost?', OFFICE, 'What does it cost? (office Lindach open)'],
    ['And in winter?', LEAVE, 'And in winter? (days annual leave)'],
    ['And in Orzal?', OFFICE, 'When does the office in Orzal open?'],
    ['What else did he build?', BUILDER, 'What else did he build? (Osbert Lanyon)'],
    ['Are there exceptions?', LEAVE, 'Are there exceptions? (days annual leave)'],
    ['Is there a limit for trainees?', LEAVE, 'Is there a limit for trainees? (days annual leave)'],
    ['Is there a doctor there?', OFFICE, 'Is there a doctor there? (office Lindach open)'],
  ])('%s stands alone', (question, last, alone) => {
    expect(rewriteFollowUp(question, [last])).toBe(alone)
  })

  test.each([
    'Is there Wi-Fi for guests in the Harrow Hut?',
    'There are how many members in the Stebbing section?',
    'Gibt es im Lager Gerlos Duschen für Gäste?',
    'Where is the key of the weather station kept?',
  ])('%s is left as it is', (question) => {
    expect(rewriteFollowUp(question, [LEAVE])).toBe(question)
  })

  test('the first question of a conversation is left as it is', () => {
    expect(rewriteFollowUp('What does it cost?', [])).toBe('What does it cost?')
  })
})
