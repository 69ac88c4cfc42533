/** One entry of an error's `details`. */
export interface ErrorDetail {
  readonly '@type': string
  readonly [key: string]: unknown
}

/** The JSON body of every refusal of the API. */
export interface ErrorEnvelope {
  readonly error: {
    readonly code: number
    readonly message: string
    readonly status: string
    readonly details?: readonly ErrorDetail[]
  }
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

const SERVICE = 'generativelanguage.googleapis.com'

/** A refusal as the API words it. A handler given to `onGenerate` may throw one. */
export class ApiError extends Error {
  readonly code: number
  readonly status: string
  readonly details: readonly ErrorDetail[]

  constructor(
    code: number,
    message: string,
    details: readonly ErrorDetail[] = [],
    status = STATUS_NAMES[code] ?? 'UNKNOWN',
  ) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.details = details
  }

  /** The body that goes over the wire. */
  envelope(): ErrorEnvelope {
    const { code, message, status, details } = this
    return { error: { code, message, status, ...(details.length > 0 && { details }) } }
  }
}

/** A breach of a rule that the schema cannot express: `* Message.path: explanation`. */
export function semanticError(path: string, explanation: string): ApiError {
  return new ApiError(400, `* ${path}: ${explanation}\n`)
}

/** A fault that the JSON transcoder found at one place of the body. */
export interface FieldViolation {
  readonly field: string
  readonly description: string
}

/** All faults that the JSON transcoder found, joined as the API joins them. */
export function badRequest(violations: readonly FieldViolation[]): ApiError {
  const fieldViolations = violations.map(({ field, description }) => ({
    ...(field && { field }),
    description,
  }))
  const message = violations.map((violation) => violation.description).join('\n')
  return new ApiError(400, message, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations },
  ])
}

function errorInfo(reason: string): ErrorDetail {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service: SERVICE },
  }
}

/** The request carried no key at all. */
export function unregisteredCaller(): ApiError {
  return new ApiError(
    403,
    "Method doesn't allow unregistered callers (callers without established identity). " +
      'Please use API Key or other form of API consumer identity to call this API.',
  )
}

/** The request carried a key that the API does not know: 400, not 401. */
export function invalidKey(): ApiError {
  const message = 'API key not valid. Please pass a valid API key.'
  const localized = { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message }
  return new ApiError(400, message, [errorInfo('API_KEY_INVALID'), localized])
}

/** The key was sent as an OAuth token. */
export function wrongTokenKind(): ApiError {
  return new ApiError(
    401,
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other ' +
      'valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    [errorInfo('ACCESS_TOKEN_TYPE_UNSUPPORTED')],
  )
}

/** The key's project has not enabled the API. */
export function permissionDenied(): ApiError {
  return new ApiError(
    403,
    'Generative Language API has not been used in project 123456789012 before or it is disabled.',
    [errorInfo('SERVICE_DISABLED')],
  )
}

/** The model does not exist, or does not have the method. */
export function modelNotFound(id: string, method: string): ApiError {
  return new ApiError(
    404,
    `models/${id} is not found for API version v1beta, or is not supported for ${method}. ` +
      'Call ListModels to see the list of available models and their supported methods.',
  )
}
