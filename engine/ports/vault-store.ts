import { join } from 'node:path'
import type { HttpPort, HttpResponse, Refusal } from '@upkeep/contract/ports'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import type { StorePlace } from '@upkeep/domain/redaction/references'
import { z } from 'zod'
import { readBounded } from './files-read.ts'
import { refuse } from './network-refusal.ts'
import type { SecretStore, StoredNow, StoreMachine } from './secret-store.ts'

/** Where in Vault a secret lies: the path without the `data/` of the API, the mount first. */
export type VaultPlace = Extract<StorePlace, { store: 'vault' }>

const timeoutMs = 10_000
const maxBytes = 1 << 20
const maxTokenBytes = 64 << 10

/** Which engine a path lies in, as Vault's own program asks for it before it reads. */
const Mount = z.object({ data: z.object({ path: z.string(), options: z.object({ version: z.string() }).nullable() }) })
const Version = z.object({
  version: z.number(),
  deletion_time: z.string(),
  custom_metadata: z.record(z.string(), z.unknown()).nullish(),
})
const Read = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()).nullable(), metadata: Version }) })
const Written = z.object({ data: Version })

/** A secret with what else is known of its key. */
interface Held {
  secret: string
  /** It is the first version, the only field, and nobody wrote anything about it. */
  isAlone: boolean
}

/**
 * A KV engine, version 2, of HashiCorp Vault, over its HTTP API. Address, token and namespace are those of Vault's own program, looked up anew for each
 * call and never kept: `VAULT_ADDR`, `VAULT_TOKEN` or `~/.vault-token`, `VAULT_NAMESPACE`.
 */
export function vaultOf({ env, home }: StoreMachine, http: HttpPort): SecretStore<VaultPlace> | Refusal {
  const address = (env.VAULT_ADDR ?? '').replace(/\/+$/, '')
  if (address === '') return refuse('not-configured', 'VAULT_ADDR, which says where Vault is, is not set')
  if (!/^https:/i.test(address) && !isLoopbackUrl(address))
    return refuse('not-supported', 'VAULT_ADDR is no https address: the token would go over the network in the clear')

  async function call(method: string, path: string, body?: object): Promise<HttpResponse | Refusal> {
    const token = tokenOf(env, home)
    if (token === null) return refuse('not-configured', 'no token is there: set VAULT_TOKEN, or run "vault login"')
    const namespace = env.VAULT_NAMESPACE
    const answer = await http.exchange({
      url: `${address}/v1/${path.split('/').map(encodeURIComponent).join('/')}`,
      method,
      headers: {
        'x-vault-token': token,
        'x-vault-request': 'true',
        ...(namespace === undefined || namespace === '' ? {} : { 'x-vault-namespace': namespace }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs,
      maxBytes,
    })
    if (answer.state === 'answered' && answer.status === 403)
      return refuse('permission-denied', `Vault does not let the token do this (${method} ${path})`)
    return answer
  }

  /** Where the data and the metadata of a path are asked for; or why it is no path of such an engine. */
  async function endpoints(path: string): Promise<{ state: 'there'; data: string; metadata: string } | Refusal> {
    const answer = await call('GET', `sys/internal/ui/mounts/${path}`)
    if (answer.state === 'unavailable') return answer
    const mount = Mount.safeParse(parsed(answer.body))
    if (answer.status !== 200 || !mount.success)
      return refuse('not-configured', `Vault has no engine at ${path} (it answered ${answer.status})`)
    const { path: prefix, options } = mount.data.data
    if (options?.version !== '2')
      return refuse(
        'not-supported',
        `the engine ${prefix} is no KV version 2: only that holds off writing over a secret`,
      )
    const rest = path.slice(prefix.length)
    if (!path.startsWith(prefix) || rest === '') return refuse('not-configured', `${path} is no path in an engine`)
    return { state: 'there', data: `${prefix}data/${rest}`, metadata: `${prefix}metadata/${rest}` }
  }

  async function heldAt(
    data: string,
    field: string,
  ): Promise<{ state: 'present'; held: Held } | { state: 'absent' } | Refusal> {
    const answer = await call('GET', data)
    if (answer.state === 'unavailable') return answer
    const read = Read.safeParse(parsed(answer.body))
    if (answer.status === 404)
      return read.success
        ? refuse('malformed', 'a secret of that path was deleted, and its versions are still there')
        : { state: 'absent' }
    if (answer.status !== 200 || !read.success)
      return refuse('malformed', `Vault answered ${answer.status} when it was asked for the secret`)
    const { data: fields, metadata } = read.data.data
    const secret = fields?.[field]
    if (typeof secret !== 'string')
      return refuse('malformed', `a secret of that path is there, without a field ${field}`)
    const isAlone =
      metadata.version === 1 &&
      Object.keys(fields ?? {}).length === 1 &&
      Object.keys(metadata.custom_metadata ?? {}).length === 0
    return { state: 'present', held: { secret, isAlone } }
  }

  return {
    async look({ path, field }): Promise<StoredNow> {
      const at = await endpoints(path)
      if (at.state === 'unavailable') return at
      const now = await heldAt(at.data, field)
      return now.state === 'present' ? { state: 'present', secret: now.held.secret } : now
    },
    async put({ path, field }, secret) {
      const at = await endpoints(path)
      if (at.state === 'unavailable') return at
      // Only where no version ever was: whatever anybody wrote meanwhile stays.
      const answer = await call('POST', at.data, { options: { cas: 0 }, data: { [field]: secret } })
      if (answer.state === 'unavailable') return answer
      if (answer.status === 400) return refuse('changed-while-reading', 'Vault has a secret of that path by now')
      const written = Written.safeParse(parsed(answer.body))
      if (answer.status !== 200 || !written.success)
        return refuse('malformed', `Vault did not take it (it answered ${answer.status})`)
      const until = written.data.data.deletion_time
      return until === '' ? null : refuse('not-supported', 'the engine deletes what it has by itself after a time')
    },
    async remove({ path, field }, isOurs) {
      const at = await endpoints(path)
      if (at.state === 'unavailable') return at
      const now = await heldAt(at.data, field)
      if (now.state === 'unavailable') return now
      if (now.state === 'absent') return null
      if (!isOurs(now.held.secret) || !now.held.isAlone)
        return refuse('changed-while-reading', 'somebody wrote there since')
      const answer = await call('DELETE', at.metadata)
      if (answer.state === 'unavailable') return answer
      return answer.status === 204 || answer.status === 200
        ? null
        : refuse('malformed', `Vault did not take it away (it answered ${answer.status})`)
    },
  }
}

function tokenOf(env: NodeJS.ProcessEnv, home: string): string | null {
  if (env.VAULT_TOKEN) return env.VAULT_TOKEN
  const read = readBounded(join(home, '.vault-token'), maxTokenBytes)
  return read.state === 'present' ? new TextDecoder().decode(read.bytes).trim() || null : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
