/**
 * A server that behaves like the REST API of Gemini, v1beta, for tests of whatever talks to it. It is strict: what the
 * API refuses it refuses, in the API's words, so that a wrong request is a failed test. It also fails on demand.
 */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GenerateHandler } from './gemini-server/answers.js'
import type { Fault, FaultOptions } from './gemini-server/faults.js'
import type { EmbedText } from './gemini-server/rules.js'
import { API_KEY, GeminiService, type RecordedRequest, type ServiceOptions } from './gemini-server/service.js'

export {
  type AnswerOptions,
  answers,
  type Candidate,
  type GenerateContentResponse,
  type GenerateHandler,
  type GenerateResult,
  type SafetyRating,
} from './gemini-server/answers.js'
export { ApiError, type ErrorEnvelope } from './gemini-server/errors.js'
export {
  type Action,
  type EmbeddingMutation,
  type Fault,
  type FaultMatch,
  type FaultOptions,
  type FaultTarget,
  faults,
  mutations,
} from './gemini-server/faults.js'
export { defaultModels, embeddingModel, type ModelInfo, textModel } from './gemini-server/models.js'
export type { Content, EmbedText, GenerateContentRequest, Part } from './gemini-server/rules.js'
export type { RecordedRequest, ServiceOptions as GeminiServerOptions } from './gemini-server/service.js'

/** A running server. */
export interface GeminiServer {
  /** Base URL for the SDK. */
  readonly url: string
  /** The only key that is accepted. */
  readonly apiKey: string
  /** All requests in order of arrival. */
  readonly requests: readonly RecordedRequest[]
  /** The texts of all embedding requests that were answered with 200, in order. */
  embedTexts(): EmbedText[]
  /** Puts a fault into the queue; each request meets the oldest fault that fits it. */
  failNext(fault: Fault, options?: FaultOptions): void
  /** Decides what the model says from now on. */
  onGenerate(handler: GenerateHandler): void
  /** Forgets requests, faults and the handler of `onGenerate`, as if newly started. */
  reset(): void
  /** Ends every connection, also hanging ones, and stops. */
  close(): Promise<void>
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startGeminiServer(options: ServiceOptions = {}): Promise<GeminiServer> {
  const service = new GeminiService(options)
  const server = createServer((request, response) => void service.handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey: API_KEY,
    requests: service.requests,
    embedTexts: () => [...service.embedded],
    failNext: (fault, faultOptions) => service.faults.add(fault, faultOptions),
    onGenerate: (handler) => {
      service.handler = handler
    },
    reset: () => service.reset(),
    close: () => close(server),
  }
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
