import { UserError } from '@upkeep/contract'
import { SecretReference } from '@upkeep/contract/secret-reference'
import { Instant } from '@upkeep/contract/time'
import { stampOf } from '@upkeep/domain/distance'
import { openBrowser } from '@upkeep/engine/login/open-browser'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'
import { remoteNamed } from './remote-named.ts'

const LoginOutput = z.strictObject({
  name: z.string(),
  url: z.string(),
  issuer: z.string(),
  kept: z.enum(['keyring', 'file']),
  registration: z.enum(['pre-registered', 'client-id-document', 'dynamic']),
  scope: z.string().nullable(),
  expiresAt: Instant.nullable(),
  refreshable: z.boolean(),
})

/** Gets a token of one's own for a remote server, so that what only clients with a token see can be looked at. */
export const login = defineOperation({
  id: 'login',
  summary: 'log in to a remote server with OAuth, so that its tools can be seen',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    server: z.string().min(1).describe('The server, by name, id or address'),
    clientId: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe('The id under which upkeep was registered, or the https address of its Client ID Metadata Document'),
    clientSecret: SecretReference.optional().meta({
      description: 'Where the secret to that id is found: env:NAME or file:/path',
      valueName: 'reference',
    }),
    scope: z.string().min(1).max(2_000).optional().describe('What to ask for; by default what the server says'),
    port: z.int().min(0).max(65_535).default(0).describe('The port that the browser comes back to; 0 for a free one'),
    browser: z.boolean().default(true).describe('Print the address only, and open no browser'),
  }),
  output: LoginOutput,
  cli: {
    verb: 'login',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      {
        command: 'upkeep login crm',
        says: 'opens the browser; the token goes into the keyring, else an encrypted file',
      },
      { command: 'upkeep login crm --no-browser', says: 'prints the address to open, and waits' },
      { command: 'upkeep login crm --client-id abc123', says: 'where the login server registers nobody by itself' },
    ],
  },
  async run(context, { server, clientId, clientSecret, scope, port, browser }) {
    const { name, url } = await remoteNamed(context, server)
    const given = await context.acts.logIn({
      url,
      clientId: clientId ?? null,
      clientSecret: secretFor(context, clientId, clientSecret),
      scope: scope ?? null,
      port,
      ask: ({ authorizeAt, issuer, registration }) => {
        context.tell(`"${name}" is logged in to at ${issuer}. Open this address in a browser on this machine:`)
        context.tell(authorizeAt)
        if (registration === 'dynamic') context.tell(deprecated)
        if (browser && openBrowser(authorizeAt, context.machine)) context.tell('It was opened in your browser.')
        context.progress('waiting for the login in the browser; Ctrl-C stops, and nothing is kept')
      },
    })
    const { issuer, kept, registration, expiresAt, refreshable } = given
    const output = { name, url, issuer, kept, registration, scope: given.scope, expiresAt, refreshable }
    return { output, text: (style) => loginText(output, style) }
  },
})

const deprecated =
  'upkeep was registered there dynamically, which is deprecated since MCP 2026-07-28: with --client-id it is not needed.'

function secretFor(
  { stateDir, machine }: Context,
  id: string | undefined,
  reference: string | undefined,
): string | null {
  if (reference === undefined) return null
  if (id === undefined) {
    throw new UserError('bad-input', 'A client secret belongs to a client id.', 'Give the id with --client-id.')
  }
  const secret = openSecrets({ stateDir, env: machine.env }).resolve(reference)
  if (secret !== null) return secret
  throw new UserError(
    'bad-input',
    'The reference to the client secret leads nowhere.',
    'Set the variable, or name a file.',
  )
}

const places = {
  keyring: 'The token is in the keyring of this system.',
  file: 'No keyring answered: the token is in an encrypted file of the state folder (mode 0600), its key in keys/ beside it. That protects a copy of the file alone; whoever reads the whole folder has both.',
} as const

function loginText(output: z.infer<typeof LoginOutput>, style: TerminalStyle): string {
  const ends =
    output.expiresAt === null
      ? 'When it ends was not said.'
      : `It ends on ${stampOf(output.expiresAt)}${output.refreshable ? ' and is then refreshed by the next scan' : '; then it has to be given again'}.`
  const lines = [
    `Logged in to ${plain(style, output.name, 200)} (${plain(style, output.url, 500)}).`,
    places[output.kept],
    ends,
    'It is sent to that address alone: by scans that may connect to it (listed under probe in upkeep.yaml, or with --probe).',
  ]
  return `${lines.join('\n')}\n`
}
