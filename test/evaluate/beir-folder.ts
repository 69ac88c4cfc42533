import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Texts by name: `corpus.jsonl`, `queries.jsonl`, `qrels/<split>.tsv`. */
export type BeirFiles = Readonly<Record<string, string>>

const files: BeirFiles = {
  'corpus.jsonl': jsonLines(
    { _id: 'd1', title: 'Walruses', text: 'A walrus has two tusks. It sleeps on ice.' },
    { _id: 'd2', title: '', text: 'The gate opens at dawn.' },
    { _id: 'd3', title: 'Soup', text: 'Soup is cooked in a pot for an hour.' },
    { _id: 'd4', title: 'Only a title about lanterns', text: '' },
  ),
  'queries.jsonl': jsonLines(
    { _id: 'q1', text: 'How many tusks has a walrus?' },
    { _id: 'q2', text: 'When does the gate open?' },
    { _id: 'q3', text: 'Nobody judged this.' },
    { _id: 'q4', text: 'lanterns' },
  ),
  'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\nq2\td3\t0\nq4\td4\t1\n',
}

export function jsonLines(...lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** A folder in the BEIR layout, gone after the test: three judged queries and four documents, with these files changed. */
export async function beirFolder(changed: BeirFiles = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gemdex-beir-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ ...files, ...changed })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}
