import { z } from 'zod'
import { bindingOf, type OpenDoor } from '../serve-binding.ts'
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
    tlsCert: file('The certificate with its chain, as PEM: then it is reached by https'),
    tlsKey: file('The key of the certificate, as PEM'),
    behind: z
      .string()
      .max(300)
      .optional()
      .meta({ description: 'The https address that people open, of a proxy in front', valueName: 'origin' }),
    proxies: z
      .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
      .max(100)
      .default([])
      .meta({ description: 'Where that proxy connects from; what it passes on is believed', valueName: 'address' }),
    local: z
      .boolean()
      .default(false)
      .describe('For whoever owns this machine alone, by a link, whatever upkeep.yaml says'),
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
      {
        command: 'upkeep serve --host upkeep.example.com --port 443 --tls-cert cert.pem --tls-key key.pem',
        says: 'for a team that signs in with its provider (serve.oidc in upkeep.yaml)',
      },
      { command: 'upkeep serve --behind https://upkeep.example.com --proxies 127.0.0.1', says: 'behind a proxy' },
      { command: 'upkeep serve --local --port 0 --no-duties', says: 'when the provider is down' },
    ],
  },
  async run(context, { duties, ...asked }) {
    const { upkeepFile, upkeepFilePath, machine } = context
    const binding = bindingOf(asked, upkeepFile.serve, { cwd: machine.cwd, upkeepFilePath })
    const output = { origin: '' }
    await context.acts.serve({ binding, duties }, (door) => {
      output.origin = door.origin
      sayWhere(context, door)
    })
    return { output, text: () => 'Stopped. What was under way was stopped as Ctrl-C stops it.\n' }
  },
})

function sayWhere(context: Context, { origin, signsInWith, link }: OpenDoor): void {
  if (signsInWith !== null) context.tell(`upkeep is at ${origin}. People sign in there with ${signsInWith}.`)
  else if (link !== null) {
    context.tell(`upkeep is at ${origin}. Open it with this link, once, within ten minutes:`)
    context.tell(link())
  }
  if (signsInWith !== null && link !== null && context.person !== null)
    context.tell('Whoever owns this machine gets in without it: Enter prints a link that opens once, here alone.')
  if (link !== null) void offerLinks(context, link)
}

/** Somebody at the terminal gets another link for Enter. */
async function offerLinks({ person, signal, tell }: Pick<Context, 'person' | 'signal' | 'tell'>, link: () => string) {
  while (person !== null && !signal.aborted) {
    if ((await person.ask('').catch(() => null)) === null) return
    tell(link())
  }
}

function file(description: string) {
  return z.string().min(1).max(4_000).optional().meta({ description, valueName: 'file', local: true })
}
