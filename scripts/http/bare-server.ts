// What any service of Node's own HTTP costs: answers the requests that come with what it was given, one after the other, each
// after a wait. Started by `forkServer`.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './measure-overhead.js'

const [answers] = (await once(process, 'message')) as [readonly Answer[]]
let next = 0
const server = createServer(async (request, response) => {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += chunk
  JSON.parse(text)
  const answer = answers[next++ % answers.length] ?? { tookMs: 0 }
  const started = performance.now()
  await sleep(answer.tookMs)
  const body = JSON.stringify({ ...answer, tookMs: performance.now() - started })
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('content-length', Buffer.byteLength(body))
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())
