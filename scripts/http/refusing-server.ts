// What any service of Node's own HTTP could do at best: refuses whatever comes, with the very bytes that it is sent. Started by
// `forkServer`.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Received } from './burst.js'

const [{ status = 503, headers, body }] = (await once(process, 'message')) as [Received]
const server = createServer((_request, response) => {
  response.writeHead(status, headers)
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())
