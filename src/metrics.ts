import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Observer } from './observer.js'

/** Seconds; from a search in memory to an answer that a model thought about. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

export type ServedRequest = {
  readonly method: string
  /** Pattern of the route; never what was asked for. */
  readonly route: string
  readonly status: number
  readonly ms: number
}

/** A value that is read when metrics are asked for; with several, each under a label. */
export type Reading = number | Readonly<Record<string, number>>

export type GaugeFacts = {
  /** Without the prefix `gemdex_`. */
  readonly name: string
  readonly help: string
  /** Name of the label, for readings with several values. */
  readonly label?: string
}

/** What a service measures of itself, in the form of Prometheus. Each service has its own. */
export interface Metrics {
  readonly observer: Observer
  /** Media type of `text`. */
  readonly contentType: string
  served(request: ServedRequest): void
  /** Has no value while `read` fails. */
  gauge(facts: GaugeFacts, read: () => Reading | Promise<Reading>): void
  text(): Promise<string>
}

export function createMetrics(): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const registers = [register]
  const requests = new Counter({
    name: 'gemdex_http_requests_total',
    help: 'Requests that were answered; 499 is a client that left',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const latency = new Histogram({
    name: 'gemdex_http_request_seconds',
    help: 'From a request to the end of its answer',
    labelNames: ['method', 'route'],
    buckets: BUCKETS,
    registers,
  })
  const stages = new Histogram({
    name: 'gemdex_stage_seconds',
    help: 'Stages of searching and answering',
    labelNames: ['stage'],
    buckets: BUCKETS,
    registers,
  })
  const lookups = new Counter({
    name: 'gemdex_embedding_cache_total',
    help: 'Texts that were to be embedded for the index, by whether their vector was known',
    labelNames: ['result'],
    registers,
  })
  const tokens = new Counter({
    name: 'gemdex_tokens_total',
    help: 'Tokens sent to and come from models',
    labelNames: ['model', 'kind'],
    registers,
  })
  const cost = new Counter({
    name: 'gemdex_cost_usd_total',
    help: 'What was sent to and come from models, by list prices',
    labelNames: ['model'],
    registers,
  })
  const failures = new Counter({
    name: 'gemdex_model_errors_total',
    help: 'Calls to models that failed; RATE_LIMITED and QUOTA_EXHAUSTED are its 429s',
    labelNames: ['model', 'code'],
    registers,
  })
  return {
    contentType: register.contentType,
    observer: {
      tookMs: (stage, ms) => stages.observe({ stage }, ms / 1000),
      lookedUp(known, unknown) {
        lookups.inc({ result: 'hit' }, known)
        lookups.inc({ result: 'miss' }, unknown)
      },
      spent(model, kind, count, priceUsd = 0) {
        tokens.inc({ model, kind }, count)
        cost.inc({ model }, priceUsd)
      },
      failed: (model, code) => failures.inc({ model, code }),
    },
    served({ method, route, status, ms }) {
      requests.inc({ method, route, status: String(status) })
      latency.observe({ method, route }, ms / 1000)
    },
    gauge({ name, help, label }, read) {
      new Gauge({
        name: `gemdex_${name}`,
        help,
        labelNames: label === undefined ? [] : [label],
        registers,
        async collect() {
          this.reset()
          // What cannot be read just now has no value; the others are told all the same.
          const reading = await Promise.resolve()
            .then(read)
            .catch(() => undefined)
          if (reading === undefined) return
          if (typeof reading === 'number') this.set(reading)
          else if (label !== undefined)
            for (const [value, number] of Object.entries(reading)) this.set({ [label]: value }, number)
        },
      })
    },
    text: () => register.metrics(),
  }
}
