import { expect, test } from 'vitest'
import { plainText } from '../../src/text/plain-text.js'

test.each([
  ['The decorated [Fastify **server**](./Server.md) is passed.', 'The decorated Fastify server is passed.'],
  ['See ![a plan](plan.png) and [the text][ref].', 'See a plan and the text.'],
  ['Said so.[^1] More<br>here, <b>bold</b>.', 'Said so. Morehere, bold.'],
  [
    '**Lantern.** The *public* ~~old~~ _map_ of __all__ that is __new here__.',
    'Lantern. The public old map of __all__ that is new here.',
  ],
  ['これは**大事**です。', 'これは大事です。'],
  ['Use `a_b_c`, `**x**`, `Promise<void>` and `a | b`.', 'Use a_b_c, **x**, Promise<void> and a | b.'],
  ['\\*not\\* \\[that\\]', '*not* [that]'],
  [
    '2**3 and a ** b, snake_case_name, 2 * 3 * 4, __init__',
    '2**3 and a ** b, snake_case_name, 2 * 3 * 4, __init__',
  ],
  ['| Key |  | Opens |', 'Key; Opens'],
  ['[!NOTE] Mind this.', 'Mind this.'],
  ['::: tip Mind this.', 'Mind this.'],
  ['<Note kind="x">Mind this.</Note>', 'Mind this.'],
  ['Ida <ida@example.org> wrote', 'Ida ida@example.org wrote'],
  [
    'It is reached at <https://help.example.org/desk_a>.',
    'It is reached at https://help.example.org/desk_a.',
  ],
  ['<https://help.example.org>', 'https://help.example.org'],
  ['\u{f0000} private `x\u{f0003}` [y\u{f0001}](z)', '\u{f0000} private x\u{f0003} y\u{f0001}'],
  ['two\n  lines', 'two lines'],
  ['Array<string> is 1 < 2', 'Array<string> is 1 < 2'],
])('of %j a reader sees the words', (markdown, plain) => {
  expect(plainText(markdown)).toBe(plain)
})
