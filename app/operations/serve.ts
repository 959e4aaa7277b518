import { UserError } from '@upkeep/contract'
import { z } from 'zod'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'

/** The daemon, the API and the console in one process. */
export const serve = defineOperation({
  id: 'serve',
  summary: 'run what is due, and serve the API and the console',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    host: z.string().min(1).max(255).default('localhost').meta({
      description: 'The address to listen on: one of this machine itself. Passkeys take a name',
      valueName: 'address',
    }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(7420)
      .meta({ description: 'The port; 0 takes a free one', valueName: 'port' }),
    duties: z.boolean().default(true).describe('Run no duties: only show and decide'),
  }),
  output: z.strictObject({ origin: z.string() }),
  cli: {
    verb: 'serve',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep serve', says: 'until Ctrl-C; prints a link that opens once' },
      { command: 'upkeep serve --port 8000 --no-duties', says: 'beside a scheduler of the system' },
    ],
  },
  async run(context, { host, port, duties }) {
    if (!isLoopback(host))
      throw new UserError(
        'not-allowed',
        `"${host.slice(0, 80)}" can be reached from elsewhere, and there is no TLS here.`,
        'Listen on 127.0.0.1, and let a proxy with TLS stand in front.',
      )
    const output = { origin: '' }
    await context.acts.serve({ host, port, duties }, (origin, link) => {
      output.origin = origin
      context.tell(`upkeep is at ${origin}. Open it with this link, once, within ten minutes:`)
      context.tell(link())
      void offerLinks(context, link)
    })
    return { output, text: () => 'Stopped. What was under way was stopped as Ctrl-C stops it.\n' }
  },
})

/** Somebody at the terminal gets another link for Enter. */
async function offerLinks({ person, signal, tell }: Pick<Context, 'person' | 'signal' | 'tell'>, link: () => string) {
  while (person !== null && !signal.aborted) {
    if ((await person.ask('').catch(() => null)) === null) return
    tell(link())
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
