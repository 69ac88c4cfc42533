import type { ComponentChildren } from 'preact'
import { GemdexClientError } from '../../api/client.js'
import { Icon } from './icons.js'

/** What went wrong and what can be done about it, in the service's own words. Whatever they hold is shown as text. */
export function ErrorNotice({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { message, hint, requestId } = describeError(error)
  return (
    <div class="notice notice-error" role="alert">
      <Icon name="warning" />
      <div class="notice-body">
        <p dir="auto">{message}</p>
        {hint !== undefined && (
          <p class="muted" dir="auto">
            {hint}
          </p>
        )}
        {requestId !== undefined && <p class="muted small">Request {requestId}</p>}
      </div>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

export function describeError(error: unknown): {
  readonly message: string
  readonly hint?: string
  readonly requestId?: string
} {
  if (!(error instanceof GemdexClientError))
    return { message: 'The service cannot be reached', hint: 'This page goes on as soon as it is back.' }
  const { message, hint, requestId } = error
  return {
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/** Something worth knowing that is no error. */
export function Note({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="notice" role="note">
      <div class="notice-body" dir="auto">
        {children}
      </div>
    </div>
  )
}

/** In place of a list that is empty: why, and what to do. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <div class="muted">{children}</div>
    </div>
  )
}

/** Read out at once; seen only when it takes a while. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="loading muted" role="status">
      {what}
    </p>
  )
}
