// A model that takes its time: answers whatever comes with one sentence, in the form of the Gemini API, after as many milliseconds
// as it is sent. Started by `forkServer`.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const [tookMs] = (await once(process, 'message')) as [number]
const candidates = [
  { content: { role: 'model', parts: [{ text: 'Nobody knows.' }] }, finishReason: 'STOP', index: 0 },
]
const server = createServer(async (_request, response) => {
  await sleep(tookMs)
  response.setHeader('content-type', 'text/event-stream')
  response.end(`data: ${JSON.stringify({ candidates })}\n\n`)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())
