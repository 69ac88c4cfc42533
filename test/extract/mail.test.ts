import { describe, expect, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import type { Extraction } from '../../src/extract/extractor.js'
import { emlExtractor } from '../../src/extract/mail/eml.js'
import { splitMail } from '../../src/extract/mail/mail-history.js'
import { mboxExtractor } from '../../src/extract/mail/mbox.js'
import { msgExtractor } from '../../src/extract/mail/msg.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, textOf } from './expect-sound.js'
import { msgOf, rtfBodyOf } from './msg-file.js'

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

async function read(source: string | Uint8Array): Promise<Extraction> {
  const bytes = typeof source === 'string' ? bytesOf(source) : source
  const extracted = extractedOf(await emlExtractor.extract(bytes, { name: 'a.eml', limits }))
  expectSound(extracted)
  return extracted
}

/** The blocks below the header, which is the first. */
const bodyOf = (extracted: Extraction) => textOf(extracted).slice(1)

const simple =
  'From: Anna <anna@example.org>\nTo: bo@example.org\nSubject: Lamps\n\nThe lamps are lit at dusk.\n'

const multipart = (kind: string, ...parts: readonly string[]) =>
  `MIME-Version: 1.0\nFrom: anna@example.org\nSubject: Lamps\nContent-Type: multipart/${kind}; boundary=X\n\n${parts.map((part) => `--X\n${part}\n`).join('')}--X--\n`

describeExtractor('emlExtractor', emlExtractor, {
  name: 'lamps.eml',
  bytes: bytesOf(simple),
  contains: 'The lamps are lit at dusk.',
})

describe('a mail', () => {
  test('says who wrote to whom, when and about what, in its text and its metadata', async () => {
    const mail = await read(
      [
        'From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.org>',
        'To: "Doe, Anna" <anna@example.org>,',
        '  Team: bo@example.org, cy@example.org;',
        'Cc: d@example.org',
        'Subject: =?iso-8859-1?Q?Re:_K=FCche?=',
        'Date: Thu, 14 Mar 2024 09:26:53 +0100',
        '',
        'The kitchen',
        'is ready.',
        '',
        'Bye',
      ].join('\r\n'),
    )
    expect(mail).toMatchObject({
      title: 'Re: Küche',
      type: 'message/rfc822',
      metadata: {
        subject: 'Re: Küche',
        from: 'Jürgen <j@example.org>',
        to: ['Doe, Anna <anna@example.org>', 'bo@example.org', 'cy@example.org'],
        cc: ['d@example.org'],
        sent: '2024-03-14T08:26:53.000Z',
      },
    })
    expect(mail.text).toBe(
      'From: Jürgen <j@example.org>\nTo: Doe, Anna <anna@example.org>, bo@example.org, cy@example.org\nCc: d@example.org\nDate: 2024-03-14 08:26 UTC\nSubject: Re: Küche\n\nThe kitchen\nis ready.\n\nBye',
    )
    expect(mail.blocks.map(({ location }) => location)).toEqual([
      { kind: 'lines', start: 1, end: 5 },
      { kind: 'lines', start: 7, end: 8 },
      { kind: 'lines', start: 10, end: 10 },
    ])
  })

  test.each([
    ['UTF-8', bytesOf('Content-Type: text/plain; charset=utf-8\n\nküche „so“')],
    [
      'Windows-1252, which Node gets wrong',
      latin1('Content-Type: text/plain; charset=windows-1252\n\nk\xfcche \x84so\x93'),
    ],
    [
      'quoted-printable',
      bytesOf(
        'Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\nk=FCche =84so=\n=93',
      ),
    ],
    [
      'base64',
      bytesOf(
        `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from('küche „so“').toString('base64')}`,
      ),
    ],
  ])('in %s is decoded', async (_, bytes) => {
    expect(bodyOf(await read(Buffer.concat([bytesOf('Subject: a\n'), bytes])))).toEqual(['küche „so“'])
  })

  test('that does not tell its encoding is decoded by its letters', async () => {
    const words = 'Grüße aus der Küche: die Öfen sind heiß, und das Frühstück für fünf ist fertig.'
    expect(bodyOf(await read(latin1(`Subject: a\n\n${words}`)))).toEqual([words])
  })

  test('without any header of one is no mail', async () => {
    const result = await emlExtractor.extract(bytesOf('just words\n\nand more'), { name: 'a.eml', limits })
    expect(result).toMatchObject({ skipped: 'TYPE_MISMATCH' })
  })
})

describe('a body in two forms', () => {
  const html = 'Content-Type: text/html\n\n<h2>Lamps</h2><p>The lamps are lit at dusk by the keeper.</p>'

  test('is read as plain text when that says as much', async () => {
    const mail = await read(
      multipart(
        'alternative',
        'Content-Type: text/plain\n\nLamps\n\nThe lamps are lit at dusk by the keeper.',
        html,
      ),
    )
    expect(bodyOf(mail)).toEqual(['Lamps', 'The lamps are lit at dusk by the keeper.'])
    expect(mail.blocks[1]?.location.kind).toBe('lines')
  })

  test.each([
    [
      'only says that there is another',
      'See HTML. https://example.org/a-very-long-address-of-nothing-that-anybody-reads',
    ],
    [
      'is HTML itself',
      '<html><body><h2>Lamps</h2><p>The lamps are lit at dusk by the keeper.</p></body></html>',
    ],
    ['is empty', ' '],
  ])('is read as HTML when the plain form %s', async (_, plain) => {
    const mail = await read(multipart('alternative', `Content-Type: text/plain\n\n${plain}`, html))
    expect(bodyOf(mail)).toEqual(['Lamps', 'The lamps are lit at dusk by the keeper.'])
    expect(mail.blocks[1]).toMatchObject({ kind: 'heading', location: { kind: 'section', path: [] } })
  })

  test('quotes older mails in HTML as well', async () => {
    const body =
      '<p>Yes.</p><div><p><b>Von:</b> Bo<br><b>Gesendet:</b> Montag<br><b>Betreff:</b> Lampen</p></div><p>Brennen sie?</p>'
    const mail = await read(`Subject: a\nContent-Type: text/html\n\n${body}`)
    expect(
      mail.blocks.map(({ heading, location }) => heading ?? (location.kind === 'section' && location.path)),
    ).toEqual([[], [], 'Earlier messages', ['Earlier messages'], ['Earlier messages']])
  })
})

describe('new words come first', () => {
  const partsOf = (text: string) => splitMail(text).map(({ kind, text: words }) => `${kind}: ${words.trim()}`)

  test.each([
    [
      'the quotation below',
      'Yes.\n\nOn Monday 1 May, Bo wrote:\n> Lit?\n>\n> > old\n',
      ['new: Yes.', 'history: On Monday 1 May, Bo wrote:\nLit?\n\nold'],
    ],
    [
      'an attribution of two lines',
      'Yes.\n\nOn Mon, 1 May 2024 at 5:00 PM Bo\n<bo@example.org> wrote:\n\n> Lit?',
      ['new: Yes.', 'history: On Mon, 1 May 2024 at 5:00 PM Bo\n<bo@example.org> wrote:\n\nLit?'],
    ],
    [
      'in German',
      'Ja.\n\nAm 01.05.24 um 10:00 schrieb Bo:\n> Brennen sie?',
      ['new: Ja.', 'history: Am 01.05.24 um 10:00 schrieb Bo:\nBrennen sie?'],
    ],
    [
      'without marks',
      'Yes.\n\n-----Original Message-----\nFrom: Bo\nSent: Monday\nSubject: Lamps\n\nLit?',
      ['new: Yes.', 'history: -----Original Message-----\nFrom: Bo\nSent: Monday\nSubject: Lamps\n\nLit?'],
    ],
    [
      'a header in French',
      'Oui.\n\nDe : Bo\nEnvoyé : lundi\nObjet : Lampes\n\nAllumées ?',
      ['new: Oui.', 'history: De : Bo\nEnvoyé : lundi\nObjet : Lampes\n\nAllumées ?'],
    ],
    [
      'the quotation above',
      'Bo wrote:\n> Lit?\n> Now?\n\nYes.\n',
      ['new: Yes.', 'history: Bo wrote:\nLit?\nNow?'],
    ],
    [
      'a signature',
      'Yes.\n-- \nAnna\nKeeper\n\n> Lit?',
      ['new: Yes.', 'signature: Anna\nKeeper', 'history: Lit?'],
    ],
    [
      'answers point by point',
      'Bo wrote:\n> Lit?\n\nYes.\n\n> Oil?\n\nNo.',
      ['new: Bo wrote:\n> Lit?\n\nYes.\n\n> Oil?\n\nNo.'],
    ],
    [
      'no quotation',
      'From: here on it is dark\n\nHe wrote:\nnothing',
      ['new: From: here on it is dark', 'history: He wrote:\nnothing'],
    ],
    ['nothing new', '> Lit?\n> Now?', ['history: Lit?\nNow?']],
  ])('%s', (_, text, expected) => {
    expect(partsOf(text)).toEqual(expected)
  })

  test.each([
    ['spaces within a line', `a${' '.repeat(500_000)}b`],
    ['attributions', 'Bo wrote:\n> Lit?\n'.repeat(50_000)],
    ['dashes', `${'-'.repeat(500_000)}a`],
    ['quotation marks', `${'> '.repeat(250_000)}a`],
  ])('however many there are of them: %s', (_, text) => {
    expect(splitMail(text).length).toBeGreaterThan(0)
  })

  test('under a heading of their own stand the older ones', async () => {
    const mail = await read('Subject: a\n\nYes.\n\nBo wrote:\n> Lit?\n')
    expect(
      mail.blocks.map(({ heading, location }) => [heading, location.kind === 'lines' && location.start]),
    ).toEqual([
      [undefined, 1],
      [undefined, 3],
      ['Earlier messages', 5],
      [undefined, 5],
    ])
  })
})

describe('attachments', () => {
  const attached = (headers: string, body: string) => `${headers}\n\n${body}`

  test('become documents of their own, with what the mail says of them; what cannot be read is named', async () => {
    const mail = multipart(
      'mixed',
      'Content-Type: text/plain\n\nSee below.',
      attached(
        'Content-Type: text/csv\nContent-Disposition: attachment; filename="=?UTF-8?Q?z=C3=A4hler.csv?="',
        'a,b\n1,2',
      ),
      attached(
        'Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment',
        'eJ8+IgAAAAAAAAAAAAAA',
      ),
      attached('Content-Type: message/rfc822', 'Subject: Inner / mail\n\nInner words.'),
      attached(
        'Content-Type: application/pgp-signature; name=signature.asc\nContent-Disposition: attachment',
        'iQ',
      ),
    ).replace('Subject', 'Date: Thu, 14 Mar 2024 09:26:53 +0100\nSubject')
    const file = await extractFile(bytesOf(mail), { name: 'a.eml', limits })
    if ('skipped' in file) throw new Error(file.message)
    expect(file.documents.map(({ part, title }) => [part, title])).toEqual([
      [undefined, 'Lamps'],
      ['zähler.csv', undefined],
      ['Inner - mail.eml', 'Inner / mail'],
    ])
    expect(file.documents[0]?.text).toContain('Attachments: zähler.csv, winmail.dat, Inner - mail.eml')
    expect(file.documents[1]?.metadata).toMatchObject({
      from: 'anna@example.org',
      sent: '2024-03-14T08:26:53.000Z',
    })
    expect(file.documents[2]?.text).toContain('Inner words.')
    expect(file.notices).toEqual([
      { code: 'UNSUPPORTED', message: expect.stringContaining('winmail.dat'), part: 'winmail.dat' },
    ])
  })

  test.each([
    ['small, shown in the body', 100, []],
    ['large, shown in the body', 30_000, ['attachment 1.png']],
  ])('a picture: %s', async (_, size, names) => {
    const picture = Buffer.alloc(size, 1).toString('base64')
    const mail = multipart(
      'related',
      'Content-Type: text/html\n\n<p>See <img src="cid:a"></p>',
      attached('Content-Type: image/png\nContent-ID: <a>\nContent-Transfer-Encoding: base64', picture),
    )
    expect((await read(mail)).attachments?.map(({ name }) => name)).toEqual(names)
  })

  test('beyond the limit are counted, and what is encrypted is named', async () => {
    const parts = Array.from({ length: 5 }, (_, i) =>
      attached(`Content-Type: text/plain; name=${i}.txt\nContent-Disposition: attachment`, 'a'),
    )
    const mail = multipart(
      'mixed',
      ...parts,
      attached('Content-Type: application/pkcs7-mime; name=smime.p7m', 'AA'),
    )
    const result = await emlExtractor.extract(bytesOf(mail), {
      name: 'a.eml',
      limits: { ...limits, maxParts: 3 },
    })
    expect(extractedOf(result).notices).toEqual([
      { code: 'ENCRYPTED', message: expect.any(String) },
      { code: 'TRUNCATED', message: 'Only the first 3 of 5 attachments were read' },
    ])
  })

  test('within attachments are read down to the limit', async () => {
    const nest = (depth: number): string =>
      depth === 0
        ? simple
        : multipart(
            'mixed',
            attached('Content-Type: message/rfc822', nest(depth - 1).replaceAll('X', `X${depth}`)),
          )
    const file = await extractFile(bytesOf(nest(6)), { name: 'a.eml', limits })
    expect(file).toMatchObject({ notices: [{ code: 'TOO_DEEP' }] })
    expect('documents' in file && file.documents).toHaveLength(limits.maxNesting + 1)
  })
})

describe('a mailbox', () => {
  const separator = 'From anna@example.org Thu Mar 14 09:26:53 2024\n'
  const box = `${separator}${simple}\n>From the start they were.\n>>From then on.\nFrom here it is no separator.\n\n${separator}${simple.replace('Lamps', 'Oil / wick')}\n`

  describeExtractor('mboxExtractor', mboxExtractor, {
    name: 'lamps.mbox',
    bytes: bytesOf(box),
    contains: 'The lamps are lit at dusk.',
  })

  test('has a document for each message, named by number and subject, with quoted lines put right', async () => {
    const file = await extractFile(bytesOf(box), { name: 'lamps.mbox', limits })
    if ('skipped' in file) throw new Error(file.message)
    expect(file.documents.map(({ part, title }) => [part, title])).toEqual([
      ['0001 Lamps.eml', 'Lamps'],
      ['0002 Oil - wick.eml', 'Oil / wick'],
    ])
    expect(file.documents[0]?.text).toContain('\nFrom the start they were.\n>From then on.\nFrom here')
  })

  test('without an ending is known by its first line', () => {
    expect(mboxExtractor.accepts({ name: 'Mail/Inbox', head: bytesOf(box) })).toBe(true)
    expect(
      mboxExtractor.accepts({ name: 'Mail/Inbox', head: bytesOf('From here on 2024\nit is dark') }),
    ).toBe(false)
    expect(mboxExtractor.accepts({ name: 'Inbox.txt', head: bytesOf(box) })).toBe(false)
  })

  test('of too many messages is cut, which is told', async () => {
    const result = await mboxExtractor.extract(bytesOf(box.repeat(10)), {
      name: 'a.mbox',
      limits: { ...limits, maxParts: 5 },
    })
    expect(extractedOf(result).attachments).toHaveLength(5)
    expect(extractedOf(result).notices).toEqual([
      { code: 'TRUNCATED', message: 'Only the first 5 of 20 messages were read' },
    ])
  })

  test('that holds none is no mailbox', async () => {
    const result = await mboxExtractor.extract(bytesOf('words'), { name: 'a.mbox', limits })
    expect(result).toMatchObject({ skipped: 'TYPE_MISMATCH' })
  })
})

describe('an Outlook message', () => {
  const header = [
    ['0037', 'Lamps'],
    ['0C1A', 'Anna'],
    ['5D01', 'anna@example.org'],
  ] as const
  const recipients = [
    { kind: 1, name: 'Bo', address: 'bo@example.org' },
    { kind: 2, name: 'cy@example.org', address: 'cy@example.org' },
  ] as const

  async function readMsg(bytes: Uint8Array): Promise<Extraction> {
    const extracted = extractedOf(await msgExtractor.extract(bytes, { name: 'a.msg', limits }))
    expectSound(extracted)
    return extracted
  }

  describeExtractor('msgExtractor', msgExtractor, {
    name: 'lamps.msg',
    bytes: msgOf({ properties: [...header, ['1000', 'The lamps are lit at dusk.']] }),
    contains: 'The lamps are lit at dusk.',
  })

  test('is read as other mails are', async () => {
    const bytes = msgOf({
      properties: [...header, ['1000', 'Yes.\r\n\r\nFrom: Bo\r\nSent: Monday\r\nSubject: Lamps\r\n\r\nLit?']],
      recipients,
      attachments: [{ name: 'lamps.csv', bytes: bytesOf('a,b\n1,2') }],
      sent: new Date('2024-03-14T08:26:53Z'),
    })
    const mail = await readMsg(bytes)
    expect(mail).toMatchObject({
      title: 'Lamps',
      type: 'application/vnd.ms-outlook',
      metadata: {
        from: 'Anna <anna@example.org>',
        to: ['Bo <bo@example.org>'],
        cc: ['cy@example.org'],
        sent: '2024-03-14T08:26:53.000Z',
      },
      attachments: [{ name: 'lamps.csv', metadata: { from: 'Anna <anna@example.org>' } }],
    })
    expect(bodyOf(mail).filter((text) => text !== '')).toEqual([
      'Yes.',
      'From: Bo\nSent: Monday\nSubject: Lamps',
      'Lit?',
    ])
  })

  test('with an HTML body only', async () => {
    const html = bytesOf('<meta charset=utf-8><p>Küche</p>')
    expect(bodyOf(await readMsg(msgOf({ properties: [...header, ['1013', html]] })))).toEqual(['Küche'])
  })

  test('of old systems has its texts in a code page', async () => {
    const bytes = msgOf({
      properties: [
        ['0037', latin1('\xcb\xe0\xec\xef\xfb'), '001E'],
        ['1000', latin1('\xc4\xe0'), '001E'],
      ],
      codePage: 1251,
    })
    const mail = await readMsg(bytes)
    expect(mail.title).toBe('Лампы')
    expect(bodyOf(mail)).toEqual(['Да'])
  })

  test.each([
    [
      'plain text',
      "{\\rtf1\\ansi\\ansicpg1252\\fromtext {\\fonttbl{\\f0 Arial;}}K\\'fcche \\u12395?\\par line two\\par}",
      ['Küche に\nline two'],
    ],
    [
      'HTML',
      "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}K\\'fcche{\\*\\htmltag72 </p>}}",
      ['Küche'],
    ],
  ])('with a body of %s within RTF only', async (_, rtf, body) => {
    expect(bodyOf(await readMsg(msgOf({ properties: [...header, ['1009', rtfBodyOf(rtf)]] })))).toEqual(body)
  })

  test('that was written as RTF has that as an attachment', async () => {
    const rtf = '{\\rtf1\\ansi Lamps\\par}'
    const { attachments } = await readMsg(msgOf({ properties: [...header, ['1009', rtfBodyOf(rtf)]] }))
    expect(attachments?.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['message.rtf', rtf],
    ])
  })

  test('that is another file is named as such', async () => {
    const result = await msgExtractor.extract(bytesOf('words'), { name: 'a.msg', limits })
    expect(result).toMatchObject({ skipped: 'TYPE_MISMATCH' })
  })
})
