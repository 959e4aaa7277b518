import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { installRoot } from '../installed-files.ts'
import { apiRoot } from './operation-routes.ts'

/** Hands out the console: its files as they are, and its page under every address that is not something else's. */
export async function consoleFiles(server: FastifyInstance): Promise<void> {
  const folder = builtConsole()
  if (folder === null) {
    server.get('/', async (_request, reply) => reply.code(503).type('text/plain').send(notBuilt))
    return
  }
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  await server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    maxAge: '365d',
    immutable: true,
    // What was compressed when it was built goes to whoever takes it.
    preCompressed: true,
    decorateReply: false,
  })
  const icon = readFileSync(join(folder, 'icon.svg'))
  server.get('/icon.svg', async (_request, reply) => reply.type('image/svg+xml').send(icon))
  for (const path of pages) server.get(path, async (_request, reply) => send(reply, page))
}

/** Addresses of the console's own pages: each can be opened, kept and sent to somebody. */
const pages = [
  '/',
  ...['fleet', 'findings', 'changes', 'calendar', 'evidence', 'settings'].flatMap((one) => [`/${one}`, `/${one}/:id`]),
]

/** Styles that the console makes as it runs carry a word that only this answer knows: nothing else inline is let through. */
function send(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  const policy = String(reply.getHeader('content-security-policy'))
  return reply
    .header('content-security-policy', policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`))
    .header('cache-control', 'no-store')
    .type('text/html')
    .send(page.replaceAll('__NONCE__', nonce))
}

function builtConsole(): string | null {
  const folders = [join(installRoot(), 'console'), join(installRoot(), 'console', 'dist')]
  return folders.find((folder) => existsSync(join(folder, 'index.html')) && existsSync(join(folder, 'assets'))) ?? null
}

const notBuilt = `The console is not built in this folder: npm run build:console. The API is under ${apiRoot}.\n`
