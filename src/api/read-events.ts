/** Server-sent events with a name and one line of JSON, as the service sends them. */
export async function* readEvents(
  response: Response,
): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  if (response.body === null) return
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      text += decoder.decode(value, { stream: !done })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const fieldOf = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
        const [event, data] = [fieldOf('event'), fieldOf('data')]
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown }
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
