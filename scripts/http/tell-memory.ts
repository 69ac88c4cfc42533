// Loaded before the program (`node --expose-gc --import ...`): collects garbage and tells what is left whenever it is asked over
// the channel to the process that started it. Holds up no end of the program.
import { setTimeout as sleep } from 'node:timers/promises'

declare const gc: () => void

process.on('message', async () => {
  // What weak references and finalizers hold goes with a later collection.
  for (let i = 0; i < 3; i++) {
    gc()
    await sleep(20)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ heapBytes: heapUsed, externalBytes: external, residentBytes: rss })
})
process.channel?.unref()
