import type { GoodFile } from './good-files.js'
import { jpegOf, pngOf } from './image-files.js'
import { msgOf, rtfBodyOf } from './msg-file.js'

const dusk = 'Lamps are lit at dusk'
const bytesOf = (text: string) => new TextEncoder().encode(text)

/** One per format that is text, and those of mail and pictures. */
export const goodTextFiles: readonly GoodFile[] = [
  { format: 'html', name: 'good.html', build: goodHtml, contains: dusk },
  { format: 'md', name: 'good.md', build: goodMarkdown, contains: dusk },
  { format: 'txt', name: 'good.txt', build: goodText, contains: dusk },
  { format: 'csv', name: 'good.csv', build: goodCsv, contains: 'Harbour: Stebbing | Lamps: 12' },
  { format: 'json', name: 'good.json', build: goodJson, contains: dusk },
  { format: 'jsonl', name: 'good.jsonl', build: goodJsonLines, contains: 'harbour: Stebbing | lamps: 12' },
  { format: 'yaml', name: 'good.yaml', build: goodYaml, contains: dusk },
  { format: 'toml', name: 'good.toml', build: goodToml, contains: dusk },
  { format: 'xml', name: 'good.xml', build: goodXml, contains: dusk },
  { format: 'rss', name: 'good.rss', build: goodRss, contains: dusk },
  { format: 'svg', name: 'good.svg', build: goodSvg, contains: dusk },
  { format: 'ipynb', name: 'good.ipynb', build: goodNotebook, contains: dusk },
  { format: 'srt', name: 'good.srt', build: goodSrt, contains: dusk },
  { format: 'vtt', name: 'good.vtt', build: goodVtt, contains: dusk },
  { format: 'eml', name: 'good.eml', build: goodEml, contains: dusk },
  { format: 'mbox', name: 'good.mbox', build: goodMbox, contains: dusk },
  { format: 'msg', name: 'good.msg', build: goodMsg, contains: dusk },
  { format: 'msg-rtf', name: 'good.msg', build: goodRtfMsg, contains: dusk },
  { format: 'ts', name: 'good.ts', build: goodTypeScript, contains: 'class Lamp' },
  { format: 'py', name: 'good.py', build: goodPython, contains: 'class Lamp' },
  { format: 'go', name: 'good.go', build: goodGo, contains: 'type Lamp struct' },
  { format: 'rs', name: 'good.rs', build: goodRust, contains: 'struct Lamp' },
  { format: 'java', name: 'good.java', build: goodJava, contains: 'class Lamp' },
  { format: 'cpp', name: 'good.cpp', build: goodCpp, contains: 'class Lamp' },
  { format: 'jpg', name: 'good.jpg', build: goodJpeg, contains: dusk },
  { format: 'png', name: 'good.png', build: goodPng, contains: dusk },
]

function goodHtml(): Uint8Array {
  return bytesOf(
    `<!doctype html><html lang="en"><head><title>Lamps</title><meta name="author" content="Bo"><style>p { color: red }</style></head><body><nav><a href="/">Home</a></nav><main><h1>Lamps &amp; oil</h1><p>${dusk}, <em>by hand</em>.</p><ul><li>North<ul><li>Stebbing</li></ul></li></ul><table><tr><th>Harbour</th><th>Lamps</th></tr><tr><td rowspan="2">Stebbing</td><td>12</td></tr><tr><td>3</td></tr></table><pre>oil(1)\n  oil(2)</pre><script>alert(1)</script></main></body></html>`,
  )
}

function goodMarkdown(): Uint8Array {
  return bytesOf(
    `---\ntitle: Lamps\ntags: [oil, night]\n---\n\n# Lamps\n\n${dusk}, see [the list](#list) and ![a lamp](a.png).\n\n## List\n\n- North\n  1. Stebbing\n  2. Harrow\n\n> Somebody said so.\n\n| Harbour | Lamps |\n|---|---|\n| Stebbing | 12 |\n\n\`\`\`js\noil(1)\n\`\`\`\n\nSouth\n=====\n\n<div>HTML *here*</div>\n`,
  )
}

function goodText(): Uint8Array {
  return bytesOf(
    `LAMPS\n\n1. North\n\n${dusk}, one after the other.\nFünf Lampen – und «oil».\n\n2. South\n\n\tNothing.\n`,
  )
}

function goodGo(): Uint8Array {
  return bytesOf(
    'package lamps\n\nimport "fmt"\n\n// Lamp burns oil.\ntype Lamp struct{ oil int }\n\nfunc (l *Lamp) Light() error {\n\tif l.oil == 0 {\n\t\treturn fmt.Errorf("no oil: %d", l.oil)\n\t}\n\treturn nil\n}\n\nfunc Map[T any](all []T, f func(T) T) []T { return all }\n',
  )
}

function goodRust(): Uint8Array {
  return bytesOf(
    "//! Lamps.\nuse std::fmt;\n\n/// Burns oil.\npub struct Lamp<'a> { name: &'a str }\n\nimpl<'a> fmt::Display for Lamp<'a> {\n    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {\n        write!(f, r#\"{}\"#, self.name)\n    }\n}\n\nmacro_rules! dim { ($x:expr) => { $x } }\n",
  )
}

function goodJava(): Uint8Array {
  return bytesOf(
    'package lamps;\n\nimport java.util.List;\n\n/** Burns oil. */\npublic class Lamp<T extends Light> implements Runnable {\n  private final List<T> oil = List.of();\n\n  @Override\n  public void run() {\n    oil.forEach(x -> System.out.println("x" + x));\n  }\n\n  enum Kind { NORTH, SOUTH { int at() { return 1; } } }\n}\n',
  )
}

function goodCsv(): Uint8Array {
  const rows = Array.from({ length: 40 }, (_, i) => `Harrow ${i},${i},"lit, since ""${1850 + i}""",`)
  return bytesOf(`Harbour,Lamps,Note,\nStebbing,12,"by hand\nat dusk",\n${rows.join('\n')}\n`)
}

function goodJson(): Uint8Array {
  const value = {
    title: 'Lamps',
    note: dusk,
    server: {
      port: 443,
      hosts: ['north', 'south'],
      tls: { cert: 'a.pem', depth: { of: { values: [1, 2.5e3, null, true] } } },
    },
    harbours: [
      { id: 1, name: 'Stebbing' },
      { id: 2, name: 'Harrow', history: `${dusk}, as they were. `.repeat(20) },
    ],
  }
  return bytesOf(JSON.stringify(value, undefined, 2))
}

function goodJsonLines(): Uint8Array {
  const rows = Array.from({ length: 30 }, (_, i) => JSON.stringify({ harbour: `Harrow \\ "${i}"`, lamps: i }))
  return bytesOf(`{"harbour":"Stebbing","lamps":12}\n${rows.join('\n')}\n`)
}

function goodYaml(): Uint8Array {
  const filler = Array.from({ length: 60 }, (_, i) => `    option-${i}: &a${i} "value: ${i}"`).join('\n')
  return bytesOf(
    `# ${dusk}\nname: Lamps\nservices:\n  north:\n${filler}\n  south: *a1\n  text: |\n    lit\n    by hand\nlist:\n  - name: one\n    when: [a, {b: c}]\n---\nkind: Lamp\n`,
  )
}

function goodToml(): Uint8Array {
  return bytesOf(
    `# ${dusk}\ntitle = "Lamps"\n\n[server]\nport = 443\n\n# below\n[server.tls]\ncert = "a"\n\n[[lamps]]\nname = "north"\n`,
  )
}

function goodXml(): Uint8Array {
  const book = (i: number) =>
    `<book id="b${i}"><title lang="en">Lamps ${i}</title><price>${i}</price><!-- c --><n><![CDATA[a < b]]></n></book>`
  return bytesOf(
    `<?xml version="1.0" encoding="utf-8"?>\n<catalog xmlns:a="urn:a"><a:para>${dusk} <b>by</b> hand &amp; oil.</a:para>${Array.from({ length: 20 }, (_, i) => book(i)).join('\n')}</catalog>`,
  )
}

function goodRss(): Uint8Array {
  const item = (i: number) =>
    `<item><title>Lamp ${i}</title><link>https://example.org/${i}</link><pubDate>Wed, 13 Mar 2024 09:00:00 GMT</pubDate><category>oil</category><description><![CDATA[<p>${dusk}</p><ul><li>oil</ul>]]></description></item>`
  return bytesOf(
    `<rss version="2.0"><channel><title>Lamps</title>${[1, 2, 3].map(item).join('\n')}</channel></rss>`,
  )
}

function goodSvg(): Uint8Array {
  return bytesOf(
    `<svg xmlns="http://www.w3.org/2000/svg"><title>Lamps</title><desc>North</desc><g><text x="1">${dusk} <tspan>by hand</tspan></text></g></svg>`,
  )
}

function goodNotebook(): Uint8Array {
  const cells = [
    { cell_type: 'markdown', source: ['# Lamps\n', '\n', `${dusk}.\n`] },
    {
      cell_type: 'code',
      source: 'light()',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['lit\n'] },
        { output_type: 'execute_result', data: { 'text/plain': ['42'], 'image/png': 'AAAA' } },
        { output_type: 'error', ename: 'OilError', evalue: 'none left', traceback: [] },
      ],
    },
  ]
  return bytesOf(JSON.stringify({ cells, metadata: { language_info: { name: 'python' } }, nbformat: 4 }))
}

function goodSrt(): Uint8Array {
  const cues = Array.from(
    { length: 30 },
    (_, i) =>
      `${i + 1}\n00:0${i % 9}:0${i % 9},000 --> 00:0${i % 9}:0${i % 9},900\n<i>${dusk}</i>\n- ${i}.\n`,
  )
  return bytesOf(cues.join('\n'))
}

function goodVtt(): Uint8Array {
  const cues = Array.from(
    { length: 30 },
    (_, i) =>
      `00:${10 + i}.000 --> 00:${11 + i}.000 align:start\n<v Anna>${dusk}<00:${10 + i}.500><c> ${i}</c>\n`,
  )
  return bytesOf(`WEBVTT - Lamps\nLanguage: en\n\nNOTE not said\n\n${cues.join('\n')}`)
}

function goodEml(): Uint8Array {
  const part = (head: string, body: string) => `--X\r\n${head}\r\n\r\n${body}\r\n`
  return bytesOf(
    [
      'From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.org>',
      'To: Anna <anna@example.org>, bo@example.org',
      'Subject: Lamps',
      'Date: Thu, 14 Mar 2024 09:26:53 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="X"',
      '',
      part(
        'Content-Type: multipart/alternative; boundary=Y',
        `--Y\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${dusk}=2E\r\n\r\nOn Monday Bo wrote:\r\n> Lit?\r\n--Y\r\nContent-Type: text/html\r\n\r\n<p>${dusk}.</p><blockquote>Lit?</blockquote>\r\n--Y--`,
      ),
      part(
        'Content-Type: text/csv; name=lamps.csv\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment',
        Buffer.from('Harbour,Lamps\nStebbing,12\n').toString('base64'),
      ),
      part('Content-Type: message/rfc822', 'Subject: Inner\r\n\r\nInner words.'),
      '--X--',
    ].join('\r\n'),
  )
}

function goodMbox(): Uint8Array {
  const message = (i: number) =>
    `From anna@example.org Thu Mar 14 09:26:53 2024\nFrom: anna@example.org\nSubject: Lamps ${i}\n\n${dusk}.\n\n>From then on.\n\n`
  return bytesOf([1, 2, 3, 4].map(message).join(''))
}

function goodMsg(): Uint8Array {
  return msgOf({
    properties: [
      ['0037', 'Lamps'],
      ['0C1A', 'Anna'],
      ['5D01', 'anna@example.org'],
      ['1000', `${dusk}.\r\n`],
    ],
    recipients: [{ kind: 1, name: 'Bo', address: 'bo@example.org' }],
    attachments: [{ name: 'lamps.csv', bytes: bytesOf('Harbour,Lamps\nStebbing,12\n') }],
    sent: new Date('2024-03-14T08:26:53Z'),
    codePage: 1252,
  })
}

function goodRtfMsg(): Uint8Array {
  const html = `{\\*\\htmltag64 <p>}${dusk}: K\\'fcche{\\*\\htmltag72 </p>}\\htmlrtf\\par\\htmlrtf0`
  const rtf = `{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}${html.repeat(20)}}`
  return msgOf({
    properties: [
      ['0037', 'Lamps'],
      ['1009', rtfBodyOf(rtf)],
    ],
  })
}

function goodTypeScript(): Uint8Array {
  const filler = `    // ${dusk}\n`.repeat(60)
  return bytesOf(
    `import { oil } from './oil.js'\n\n/** A lamp. */\n@Lit()\nexport class Lamp<T> extends Light {\n  #height = \`\${1}\`\n\n  async light(): Promise<void> {\n${filler}  }\n\n  get lit() { return /[a-z]/.test('x') }\n}\n\nexport const dim = (lamp: Lamp) => lamp\n\ndescribe('lamps', () => {\n  it('burn', () => {})\n})\n`,
  )
}

function goodPython(): Uint8Array {
  const filler = `        """${dusk}."""\n`.repeat(60)
  return bytesOf(
    `import oil\n\n# A lamp.\n@lit(height=12)\nclass Lamp(Light):\n    async def light(self):\n${filler}        return f"{self!r}"\n\ndef dim(lamp): pass\n`,
  )
}

function goodCpp(): Uint8Array {
  return bytesOf(
    `#include <oil>\n#ifdef LIT\nnamespace lamps {\n/// A lamp.\ntemplate <typename T> class Lamp : public Light {\n public:\n  int light() const { return R"x(${dusk})x"; }\n};\n}\n#endif\nint *(*dim)(lamps::Lamp<int> &);\n`,
  )
}

function goodJpeg(): Uint8Array {
  return jpegOf({
    image: { 270: dusk, 271: 'Nikon', 272: 'Nikon D90' },
    photo: { 36867: '2024:03:14 09:26:53' },
    xmp: '<dc:subject><rdf:Bag><rdf:li>lamp</rdf:li></rdf:Bag></dc:subject>',
  })
}

function goodPng(): Uint8Array {
  return pngOf({ Title: 'North light 北', Description: dusk, Author: 'Anna' })
}
