// Lists at once; every call takes SLOW_SECONDS, by default 30.
import { serve, strings } from './stdio-server.mjs'

const seconds = Number(process.env.SLOW_SECONDS ?? 30)

serve({
  name: 'slow',
  version: '1.0.0',
  tools: () => [
    {
      name: 'wait',
      description: 'Waits, then answers.',
      inputSchema: strings('note'),
      run: ({ note }) => new Promise((resolve) => setTimeout(() => resolve(note), seconds * 1_000)),
    },
  ],
})
