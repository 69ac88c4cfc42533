import { operations } from '../../api/operations.js'
import { type Route, route } from '../route.js'
import { streamAnswer } from '../stream-answer.js'
import { wantsEvents } from '../wants-events.js'

export const askRoutes: readonly Route[] = [
  route(operations.ask, async ({ body }, { request, call, engine, services }) => {
    const { question, generation, ...rest } = body
    const settings = generation === undefined ? {} : { settings: generation }
    const options = { ...rest, ...settings, signal: call.signal }
    if (!wantsEvents(request)) return engine.answer(question, options)
    await streamAnswer(engine.ask(question, options), call, (thrown) => services.onError(thrown, call))
    return undefined
  }),
]
