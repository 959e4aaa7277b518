import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { opDouble } from '@upkeep/engine/ports/testing/op-double'
import { vaultDouble } from '@upkeep/engine/ports/testing/vault-double'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasKeyring, type PrivateKeyring, privateKeyring } from '../private-keyring.ts'
import { leaksIn } from './canaries.ts'
import { keep, putBack, removeKept } from './changed-files.ts'
import { canKill, expectClosed } from './crash-fixture.ts'
import {
  cli,
  decide,
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
  writeFiles,
} from './installation.ts'
import { killedAt, pointsOf } from './killed-product.ts'
import { packedProduct } from './packed-product.ts'
import { said } from './product.ts'
import { canTrace } from './requirements.ts'
import { allStoredText, storedSteps } from './state-database.ts'
import { readTrace } from './trace.ts'

const token = ['ghp', 'c4N4rY5e6F7g8H9i0J1k2L3m4N5o6P7q8R9s'].join('_')
const canaries = [{ where: 'the entry', text: token }]
const shows = 'process.stdout.write(String(process.env.GH_TOKEN))'
const text = `{\r\n  // mine\n  "mcpServers": { "gh": { "command": "node", "args": ["-e", "${shows}"], "env": { "GH_TOKEN": "${token}" } } }\n}\n`
const file = '.cursor/mcp.json'
const isLong = process.env.UPKEEP_LONG !== undefined
const moving = ['fix', 'gh', '--move-secrets', '--reason', 'No secret shall lie in a file that others read.']

let place: Installation
let keyring: PrivateKeyring | null = null
const vault = await vaultDouble()
beforeAll(async () => {
  place = newInstallation()
  keyring = hasKeyring ? await privateKeyring(join(place.root, 'k')) : null
})
afterAll(async () => {
  await keyring?.stop()
  await vault.close()
  removeKept(place)
  removeInstallation(place)
})

const textOf = () => readFileSync(join(place.home, file), 'utf8')
const attributes = ['service', 'upkeep/cursor.gh', 'account', 'GH_TOKEN']
const op = () => opDouble(join(place.root, 'op'))

interface Store {
  to: string
  env(): Record<string, string>
  has(): string | null
}
const stores: Readonly<Record<string, Store>> = {
  'gnome-keyring': {
    to: 'keyring',
    env: () => ({ ...keyring?.env }),
    has: () => keyring?.tool(['lookup', ...attributes]) ?? null,
  },
  'a stand-in for Vault': {
    to: 'vault:secret/mcp',
    env: () => ({ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token }),
    has: () => (vault.fields('secret/mcp/cursor.gh.GH_TOKEN')?.value as string | undefined) ?? null,
  },
  'a stand-in for 1Password': {
    to: 'op://Private',
    env: () => ({ PATH: `${join(place.root, 'op')}:${process.env.PATH}` }),
    has: () => items()[0]?.fields.credential ?? null,
  },
}

function items(): { fields: { credential?: string } }[] {
  return JSON.parse(readFileSync(join(place.root, 'op', 'items.json'), 'utf8'))
}

/** Has the change proposed, and approves it with a key; its id. */
async function approved(
  env: Record<string, string>,
  words: readonly string[],
  product: readonly string[],
): Promise<string> {
  const asked = await upkeep(place, words, { env, command: product })
  const id = /upkeep approve ([0-9a-f-]{36})/.exec(asked.stderr)?.[1]
  if (id === undefined) throw new Error(said(asked))
  expect(leaksIn(said(asked), canaries)).toEqual([])
  const { code, screen } = await decide(place, ['approve', id], { product })
  expect(code, screen).toBe(0)
  return id
}

describe.skipIf(!canTrace() || !canKill)('a secret that is moved (needs strace, script and ssh-keygen)', () => {
  const rows = Object.entries(stores).map(([name, store]) => ({ name, store }))
  test.for(rows)('into $name starts its server, is nowhere else, and comes back', async ({ name, store }, { skip }) => {
    skip(name === 'gnome-keyring' && !hasKeyring, 'needs gnome-keyring, libsecret-tools, dbus')
    writeFiles(place.home, { [file]: text })
    op()
    const env = store.env()
    const product = [process.execPath, cli]
    const id = await approved(env, [...moving, '--secrets-to', store.to], product)
    expect([store.has(), textOf()]).toEqual([null, text])

    const heard: string[] = []
    // With the environment of each: the token of Vault came in there, and the secret may not.
    const started: string[] = []
    for (const words of [
      ['fix', '--change', id],
      ['undo', id],
    ]) {
      const log = join(place.root, `${words[0]}.strace`)
      const traced = ['strace', '-f', '--seccomp-bpf', '-s', '4096', '-v', '-e', 'trace=execve', '-o', log, ...product]
      const end = await upkeep(place, [...words, '--verbose'], { env, command: traced })
      expect(end.exitCode, said(end)).toBe(0)
      const { executed } = readTrace(log, place.cwd)
      expect(executed.length).toBeGreaterThan(0)
      heard.push(said(end))
      started.push(...executed)
      if (words[0] === 'undo') continue
      expect([store.has(), textOf().includes(token)]).toEqual([token, false])
      const { command, args } = JSON.parse(textOf().replace('// mine', '')).mcpServers.gh
      const server = await upkeep(place, [], { env, command: [command, ...args] })
      expect([server.stdout, server.stderr]).toEqual([token, ''])
    }
    expect([store.has(), textOf()]).toEqual([null, text])

    heard.push(said(await upkeep(place, ['changes', id, '--json'], { env })), allStoredText(place))
    const kept = readdirSync(place.stateDir, { recursive: true, withFileTypes: true })
    for (const one of kept) if (one.isFile()) heard.push(readFileSync(join(one.parentPath, one.name), 'latin1'))
    expect(started.flatMap((one) => leaksIn(one, canaries))).toEqual([])
    const tokens = [...canaries, { where: 'the token of Vault', text: vault.token }]
    expect(heard.flatMap((one) => leaksIn(one, tokens))).toEqual([])
  })
})

describe.skipIf(!canKill || !hasKeyring)(
  'killed while a secret is moved into a keyring (needs script, ssh-keygen, gnome-keyring, libsecret-tools, dbus)',
  () => {
    test('the secret is in the file or in the keyring, and the next run ends it, once', async () => {
      const { program } = await packedProduct()
      const env = { ...keyring?.env, UPKEEP_KILL_STARTS: JSON.stringify(['secret-tool']) }
      writeFiles(place.home, { [file]: text })
      keyring?.tool(['clear', ...attributes])
      const id = await approved(env, [...moving, '--secrets-to', 'keyring'], [program])
      const has = () => keyring?.tool(['lookup', ...attributes]) ?? null
      const lay = (secret: string | null) =>
        secret === null
          ? keyring?.tool(['clear', ...attributes])
          : keyring?.tool(['store', '--label=x', ...attributes], secret)
      /** Next to the write in the keyring, and right before the swap of the file; npm run test:long stops at every point. */
      async function stops(
        words: string[],
        act: string,
        from: { label: string; secret: string | null; after: number; outcome: string },
      ) {
        putBack(place, from.label)
        lay(from.secret)
        const { end, points } = await pointsOf(place, program, words, env)
        expect(end.exitCode, said(end)).toBe(0)
        const at = points.indexOf(`start secret-tool ${act}`)
        const swap = points.findIndex((point) => point.startsWith('renameSync') && point.endsWith(file))
        expect(Math.min(at, swap)).toBeGreaterThan(0)
        for (const stop of isLong ? points.keys() : [at + from.after, swap]) {
          putBack(place, from.label)
          lay(from.secret)
          const where = `before point ${stop}, ${points[stop]}`
          expect((await killedAt(place, program, words, stop, env)).signal, where).toBe('SIGKILL')
          expect(has() === token || textOf().includes(token), where).toBe(true)
          await endsIt({ id, words, outcome: from.outcome, program, env }, where)
          const isMoved = from.outcome === 'done'
          expect([has(), textOf() === text], where).toEqual([isMoved ? token : null, !isMoved])
          expectClosed(place, id, from.outcome)
        }
        console.log(`${words[0]}: killed at ${isLong ? points.length : 2} of ${points.length} points`)
      }
      keep(place, 'old')
      await stops(['fix', '--change', id], 'store', { label: 'old', secret: null, after: 1, outcome: 'done' })
      keep(place, 'made')
      await stops(['undo', id], 'clear', { label: 'made', secret: token, after: 0, outcome: 'rolled-back' })
    }, 3_600_000)
  },
)

interface Ended {
  readonly id: string
  readonly words: string[]
  readonly outcome: string
  readonly program: string
  readonly env: Record<string, string>
}

/** The next run after a kill: it goes on with what had begun, and asks again for what had not. */
async function endsIt({ id, words, outcome, program, env }: Ended, where: string): Promise<void> {
  const steps = storedSteps(place, id)
  const began = steps.some(({ is }) => is === (outcome === 'done' ? 'applying' : 'undoing'))
  const isEnded = began && steps.at(-1)?.is === 'closed'
  const next = await upkeep(place, began ? ['fix', '--change', id] : words, { env, command: [program] })
  expect(isEnded ? [2] : [0, 1], `${where}\n${said(next)}`).toContain(next.exitCode)
}
