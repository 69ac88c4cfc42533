import type { z } from 'zod'
import type { ErrorCode } from '../errors.js'
import type { Scope } from '../types.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An example of a request, or of what is answered. */
export type Example = { readonly summary: string; readonly value: unknown }

/** One thing that can be asked over HTTP, whole: it is checked, described and called by this. */
export type Operation = {
  /** Unique, as the methods of clients that are made of the description are named. */
  readonly id: string
  readonly method: Method
  /** As Express has it: `/v1/documents/:id`. */
  readonly path: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** What a key must be allowed; `open` asks for none. */
  readonly access: Scope | 'open'
  readonly params?: z.ZodType
  /** None means that no query parameter is known. */
  readonly query?: z.ZodType
  /** A body of JSON. */
  readonly body?: z.ZodType
  /** Nothing stands for an empty object. */
  readonly mayLackBody?: boolean
  /** Bytes of it at most, where that is more than anywhere else. */
  readonly maxBodyBytes?: number
  /** The body is what this says, as it is. */
  readonly rawBody?: string
  /** What is answered as JSON. */
  readonly answer?: z.ZodType
  /** Status of success; 200 when left out. */
  readonly status?: 200 | 201 | 202
  /** What else may be answered, by media type. */
  readonly otherAnswers?: Readonly<Record<string, string>>
  /** What else is a success, without a body. */
  readonly otherStatus?: Readonly<Record<number, string>>
  /** What can go wrong besides what can anywhere. */
  readonly errors?: readonly ErrorCode[]
  readonly requestExamples?: Readonly<Record<string, Example>>
  readonly answerExample?: unknown
  /** Errors have the fields of the OpenAI protocol too. */
  readonly isOpenAi?: boolean
}

export type Tag =
  | 'Search'
  | 'Answers'
  | 'Conversations'
  | 'Documents'
  | 'Corpus'
  | 'Jobs'
  | 'Service'
  | 'OpenAI protocol'
  | 'MCP'

/** An operation with its types kept. */
export function operation<const Given extends Operation>(given: Given): Given {
  return given
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined

/** What the handler of an operation gets, checked. */
export type RequestOf<Given extends Operation> = {
  readonly params: Output<Given['params']>
  readonly query: Output<Given['query']>
  readonly body: Output<Given['body']>
}

/** What a client sends as the body of an operation. */
export type BodyOf<Given extends Operation> = Input<Given['body']>

/** What a client is answered. */
export type AnswerOf<Given extends Operation> = Output<Given['answer']>

/** The same as it may be given: what the engine hands out cannot be changed. */
export type GivenAnswerOf<Given extends Operation> = DeepReadonly<AnswerOf<Given>>

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T
