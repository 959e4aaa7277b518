import { type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { madePasskey } from '@upkeep/engine/kernel/testing/made-passkey'
import { z } from 'zod'
import { type Installation, newInstallation, removeInstallation, startUpkeep, upkeep } from './installation.ts'
import { packedProduct } from './packed-product.ts'

const preload = join(import.meta.dirname, 'kill-at-point.ts')

/** How a write was answered, as far as it is the same each time it is asked for. */
export interface Answered {
  readonly status: number
  readonly code: string | null
  readonly replayed: boolean
  readonly body: unknown
}

/** An installation whose server is killed and started again at one address, since a passkey belongs to one. */
export interface KilledServer {
  readonly place: Installation
  /** As the API takes a new one: the person signs with whichever is asked for. */
  readonly passkeys: readonly [string, string]
  /** A command, while no server runs. */
  run(...words: string[]): Promise<void>
  start(): Promise<void>
  /** Ends it as a crash does. */
  kill(): Promise<void>
  /** A question. */
  ask(path: string): Promise<unknown>
  /** A write under a key, signed with the person's passkey where a signature is asked for. Null where the server died meanwhile. */
  order(path: string, body: unknown, key: string): Promise<Answered | null>
  /** From now on each call that alters a file or the record is noted, or the process is killed before the call of a number. */
  tell(order: 'log' | number): void
  /** The calls that were noted. */
  told(): string[]
  /** Keeps everything as it is now, while nothing runs. */
  keep(): void
  /** Puts everything back to what was kept. */
  putBack(): void
  remove(): void
}

const Problem = z.looseObject({
  code: z.string().optional(),
  signature: z.looseObject({ statement: z.string(), credentials: z.array(z.string()) }).optional(),
})

export async function killedServer(): Promise<KilledServer> {
  const { program } = await packedProduct()
  const place = newInstallation()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const [order, kept] = [join(place.root, 'told'), `${place.root}-kept`]
  const passkeys = [madePasskey(origin), madePasskey(origin)] as const
  let server: { child: ChildProcess; cookie: string } | null = null
  let signatures = 0
  const folders = ['home', 'cwd', 'state']

  async function start(): Promise<void> {
    const watched = JSON.stringify([place.home, place.cwd, place.stateDir])
    const env = { NODE_OPTIONS: `--import=${preload}`, UPKEEP_KILL_IN: watched, UPKEEP_KILL_TOLD: order }
    const words = ['serve', '--host', 'localhost', '--port', String(port), '--no-duties', '--as', 'ada']
    const child = startUpkeep(place, words, { command: [program], env })
    const entered = await fetch(await linkOf(child), { redirect: 'manual' })
    server = { child, cookie: entered.headers.get('set-cookie')?.split(';', 1)[0] ?? '' }
  }
  async function ended(): Promise<void> {
    const child = server?.child
    server = null
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  async function send(path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
    const own = { cookie: server?.cookie ?? '', origin, 'content-type': 'application/json' }
    return fetch(`${origin}/api/v1/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...own, ...headers },
    })
  }
  async function answered(path: string, body: unknown, key: string): Promise<Answered> {
    const headers = { 'idempotency-key': key }
    const first = await read(await send(path, body, headers))
    return signed(first, (packed) => send(path, body, { ...headers, 'passkey-assertion': packed }))
  }
  /** As often as a signature is asked for, the passkey that is named gives one. */
  async function signed(given: Read, again: (packed: string) => Promise<Response>): Promise<Answered> {
    const { signature } = given.problem
    if (signature === undefined) return given.answered
    const passkey = passkeys.find(({ credential }) => signature.credentials.includes(credential))
    if (passkey === undefined) return given.answered
    signatures += 1
    const assertion = passkey.sign(signature.statement, { count: signatures })
    return signed(await read(await again(Buffer.from(assertion).toString('base64url'))), again)
  }

  return {
    place,
    passkeys: [passkeys[0].offered, passkeys[1].offered],
    async run(...words) {
      const end = await upkeep(place, [...words, '--as', 'ada'], { command: [program] })
      // What is wrong or unknown there, or waits for a person, is no matter here.
      const isDone = [0, 1, 3].includes(end.exitCode ?? -1) || end.stderr.includes('waits for the approval of a person')
      if (!isDone) throw new Error(`${words.join(' ')}: ${end.stdout}${end.stderr}`)
    },
    start,
    async kill() {
      server?.child.kill('SIGKILL')
      await ended()
    },
    ask: async (path) =>
      (await fetch(`${origin}/api/v1/${path}`, { headers: { cookie: server?.cookie ?? '' } })).json(),
    async order(path, body, key) {
      const given = await answered(path, body, key).catch(() => null)
      if (given === null) await ended()
      return given
    },
    tell: (what) => writeFileSync(order, String(what)),
    told: () => (existsSync(`${order}.log`) ? readFileSync(`${order}.log`, 'utf8').trimEnd().split('\n') : []),
    keep() {
      mkdirSync(kept)
      for (const name of folders) copy(join(place.root, name), join(kept, name))
    },
    putBack() {
      for (const file of [order, `${order}.log`]) rmSync(file, { force: true })
      for (const name of folders) {
        rmSync(join(place.root, name), { recursive: true, force: true })
        copy(join(kept, name), join(place.root, name))
      }
    },
    remove() {
      rmSync(kept, { recursive: true, force: true })
      removeInstallation(place)
    },
  }
}

/** With modes and times as they are. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to])
}

type Read = Awaited<ReturnType<typeof read>>

async function read(response: Response) {
  const body: unknown = await response.json()
  const problem = Problem.parse(body)
  const code = response.status === 200 ? null : (problem.code ?? null)
  const replayed = response.headers.get('idempotent-replayed') === 'true'
  return { problem, answered: { status: response.status, code, replayed, body } }
}

async function linkOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 100_000) said += text
      const found = /http:\S+\/enter\?link=\S+/.exec(said)
      if (found !== null) resolve(found[0])
    })
    child.stdout?.resume()
    child.once('exit', () => reject(new Error(said)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Every file below a folder by its path, with its text. */
export function textsIn(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]),
  )
}
