import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PracticeIssuer, startAuthorizationServer, type Wrong } from '@upkeep/lab/servers/authorization-server'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpPort } from '../ports/http.ts'
import { createMcpPort } from '../ports/mcp.ts'
import { type KeptLogins, keptLogins } from './kept-logins.ts'
import { type LoginRequest, logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import { refreshLogins } from './refresh-logins.ts'

const http = createHttpPort()
const running: Running[] = []
const folders: string[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
async function started<Server extends Running>(server: Promise<Server>): Promise<Server> {
  running.push(await server)
  return await server
}

interface Place {
  issuer: PracticeIssuer
  url: string
  logins: KeptLogins
  state: string
  /** Logs in with a browser that does whatever the authorization server says. */
  go(over?: Partial<LoginRequest>): ReturnType<typeof logIn>
}

async function place(options: Parameters<typeof startAuthorizationServer>[0] = {}): Promise<Place> {
  const issuer = await started(startAuthorizationServer(options))
  const { url } = await started(startSdkServer({ authentication: 'bearer', guards: true, issuedBy: issuer }))
  const state = mkdtempSync(join(tmpdir(), 'upkeep-logins-'))
  folders.push(state)
  const logins = keptLogins(state, null)
  const asked = { clientId: null, clientSecret: null, scope: null, port: 0 }
  const signal = new AbortController().signal
  const now = () => '2026-11-27T09:00:00.000Z'
  const browse = ({ authorizeAt }: { authorizeAt: string }) => void fetch(authorizeAt).catch(() => {})
  return {
    ...{ issuer, url, logins, state },
    go: (over) => logIn({ url, http, logins, ...asked, now, signal, ask: browse, ...over }),
  }
}

/** All that lies in a folder, as one text. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n')
}

describe('logging in', () => {
  it('ends with a token that opens this server, for this resource, in an encrypted file of its owner', async () => {
    const { go, url, logins, state, issuer } = await place()
    const login = await go()
    expect(login).toMatchObject({ url, resource: url, issuer: issuer.url, registration: 'dynamic', kept: 'file' })
    expect(login).toMatchObject({ expiresAt: '2026-11-27T10:00:00.000Z', refreshable: true })
    const token = logins.tokenFor(url) ?? ''
    const headers = { authorization: `Bearer ${token}` }
    const seen = await createMcpPort().look({ url, headers, timeoutMs: 5_000, maxBytes: 1 << 20 })
    expect(seen).toMatchObject({ state: 'answered', surface: { tools: [{ name: 'add' }] } })
    const [file = ''] = readdirSync(join(state, 'logins'))
    expect(statSync(join(state, 'logins', file)).mode & 0o777).toBe(0o600)
    expect(statSync(join(state, 'logins')).mode & 0o777).toBe(0o700)
    const secrets = logins.secretsOf(login)
    for (const secret of [token, secrets?.refreshToken ?? '']) {
      expect(secret).not.toBe('')
      expect(everythingIn(state)).not.toContain(secret)
    }
  })

  it('the token is for one address, and for no other', async () => {
    const { go, url, logins, state } = await place()
    const login = await go()
    for (const other of [
      `${url}/`,
      `${url}?x=1`,
      url.replace('/mcp', '/other'),
      url.replace('127.0.0.1', 'localhost'),
    ]) {
      expect(logins.tokenFor(other)).toBeNull()
    }
    // Somebody who can write the file, and not read the key, cannot turn it into a login to another server.
    const [file = ''] = readdirSync(join(state, 'logins'))
    const moved = 'https://evil.example/mcp'
    writeFileSync(join(state, 'logins', file), JSON.stringify({ ...login, url: moved }), { mode: 0o600 })
    expect(logins.tokenFor(moved)).toBeNull()
    expect(logins.list().map((one) => logins.secretsOf(one))).toEqual([null])
    expect(logins.facts()).toMatchObject([{ unreadable: 'its key or its file was changed' }])
  })

  it.each<[Wrong, RegExp]>([
    ['no-pkce', /does not state that it checks PKCE with S256/],
    ['other-issuer', /says that it is another one/],
    ['script-address', /authorization_endpoint is not reached over https/],
    ['no-registration', /registers nobody by itself/],
    ['wrong-iss', /its issuer or its state is another/],
    ['no-iss', /its issuer or its state is another/],
    ['denies', /refused \(access_denied\)/],
    ['redirects-tokens', /came to nothing/],
  ])('an authorization server that is wrong (%s) gets no login, and nothing is kept', async (wrong, why) => {
    const elsewhere: string[] = []
    const other = await started(
      serve((request, response) => {
        elsewhere.push(request.url ?? '')
        response.end()
      }),
    )
    const { go, logins } = await place({ wrong, elsewhere: other.url })
    await expect(go()).rejects.toThrow(why)
    expect(logins.list()).toEqual([])
    expect(elsewhere).toEqual([])
  })

  it('takes what was registered before, and a document only where the authorization server says that it reads them', async () => {
    const document = 'https://ops.example.com/upkeep.json'
    const known = await place({ knows: ['upkeep-1', document], documents: true })
    expect(await known.go({ clientId: 'upkeep-1' })).toMatchObject({ registration: 'pre-registered' })
    expect(await known.go({ clientId: document })).toMatchObject({ registration: 'client-id-document' })
    expect(known.issuer.seen).not.toContain('POST /register')
    const without = await place({ knows: [document] })
    await expect(without.go({ clientId: document })).rejects.toThrow(/does not state that it takes Client ID Metadata/)
  })

  it('the secret of a client is kept as its tokens are', async () => {
    const { go, logins, state } = await place({ knows: ['upkeep-1'] })
    const login = await go({ clientId: 'upkeep-1', clientSecret: 'client-canary' })
    expect(login.clientAuthentication).toBe('client_secret_post')
    expect(logins.secretsOf(login)?.clientSecret).toBe('client-canary')
    expect(everythingIn(state)).not.toContain('client-canary')
  })

  it('a page that knows no state cannot answer for the person, and stopping leaves nothing behind', async () => {
    const { go, logins, issuer } = await place()
    const stop = new AbortController()
    let back = ''
    const asked = go({
      signal: stop.signal,
      ask: ({ authorizeAt }) => {
        back = new URL(authorizeAt).searchParams.get('redirect_uri') ?? ''
        void forge()
      },
    })
    async function forge() {
      for (const query of ['', '?code=x', '?code=x&state=guessed']) expect((await fetch(back + query)).status).toBe(404)
      stop.abort()
    }
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    expect(issuer.seen).not.toContain('POST /token')
    expect(logins.list()).toEqual([])
    await expect(fetch(back)).rejects.toThrow()
  })

  it('a server that asks for no token, and metadata about another server', async () => {
    const { go } = await place()
    const open = await started(startSdkServer({ authentication: 'none', guards: false }))
    await expect(go({ url: open.url })).rejects.toThrow(/asks for no login/)
    const unasked = { exchange: () => Promise.reject(new Error('nobody is to be asked')) }
    const plain = go({ url: 'http://mcp.example.com/mcp', http: unasked })
    await expect(plain).rejects.toThrow(/not reached over https/)
    const liar = await started(
      serve((request, response) => {
        const isDocument = request.url?.includes('oauth-protected-resource')
        response.writeHead(isDocument ? 200 : 401, { 'content-type': 'application/json' })
        response.end(
          isDocument ? '{"resource":"https://bank.example/mcp","authorization_servers":["http://127.0.0.1:1"]}' : '',
        )
      }),
    )
    await expect(go({ url: liar.url })).rejects.toThrow(/about another address/)
  })
})

describe('refreshing and giving back', () => {
  const round = ({ logins }: Place, now: string) => ({ logins, http, now: () => now, concerns: () => true })

  it('a token at its end is refreshed once, and the next one holds', async () => {
    const here = await place()
    await here.go()
    const before = here.logins.tokenFor(here.url)
    await refreshLogins(round(here, '2026-11-27T09:30:00.000Z'))
    expect(here.logins.tokenFor(here.url)).toBe(before)
    await refreshLogins({ ...round(here, '2026-11-27T09:58:00.000Z'), concerns: () => false })
    expect(here.logins.facts()).toMatchObject([{ lastRefresh: null }])
    const late = round(here, '2026-11-27T09:58:00.000Z')
    await Promise.all([refreshLogins(late), refreshLogins(late)])
    expect(here.issuer.seen.filter((line) => line === 'POST /token')).toHaveLength(2)
    expect(here.logins.facts()).toMatchObject([
      { expiresAt: '2026-11-27T10:58:00.000Z', lastRefresh: { outcome: 'refreshed' } },
    ])
  })

  it('a refresh that is refused is noted, in our own words', async () => {
    const here = await place({ wrong: 'refuses-refresh' })
    await here.go()
    await refreshLogins(round(here, '2026-11-27T10:58:00.000Z'))
    expect(here.logins.facts()).toMatchObject([
      { lastRefresh: { outcome: 'failed', reason: 'it was refused (invalid_grant)' }, unreadable: null },
    ])
  })

  it('given back, it is revoked at its authorization server and gone here', async () => {
    const here = await place()
    const login = await here.go()
    const { accessToken, refreshToken } = here.logins.secretsOf(login) ?? {}
    expect(await logOut(login, here.logins, http)).toEqual({ revoked: true, reason: '' })
    expect(here.issuer.revoked).toEqual([refreshToken, accessToken])
    expect(here.logins.list()).toEqual([])
    expect(readdirSync(join(here.state, 'logins'))).toEqual([])
  })
})
