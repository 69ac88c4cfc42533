import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

type Batch = {
  readonly requests: readonly {
    readonly content: { readonly parts: readonly { readonly text: string }[] }
    readonly outputDimensionality?: number
  }[]
}

/** A service on this machine that embeds as Gemini's does, and counts how often each text came for each number of dimensions. */
export async function startEmbeddingService(latencyMs: number) {
  const sent = new Map<string, number>()
  const service = createServer(async (request, response) => {
    const { requests } = JSON.parse(await bodyOf(request)) as Batch
    const embeddings = requests.map(({ content, outputDimensionality = 128 }) => {
      const text = content.parts.map((part) => part.text).join('')
      const name = `${outputDimensionality} ${text}`
      sent.set(name, (sent.get(name) ?? 0) + 1)
      return { values: vectorOf(text, outputDimensionality) }
    })
    await sleep(latencyMs)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ embeddings }))
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const { port } = service.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, sent, close: () => service.close() }
}

function vectorOf(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0.01)
  for (let i = 0; i < text.length; i++)
    vector[(text.charCodeAt(i) * 31 + i) % dimensions] = text.charCodeAt(i) / 128
  return vector
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
