import type { AttackAtom } from '@upkeep/contract/attack-atom'
import type {
  ProbeStart,
  ServerProbe,
  ServerProbeAttempt,
  ServerUnderTest,
  StartedServer,
} from '@upkeep/contract/server-probe'
import { type Attacked, canaries } from './attacked.ts'
import { makeAttack } from './make-attack.ts'
import { attackedOverHttp } from './over-http.ts'

/** How a server comes to listen, where it does. */
export interface Listening {
  port: number
  path: string
}

const sinkPort = 7099
const root = '/data/roots/0'
const sinkCalls = '/data/sink-calls.txt'
const places: Attacked['places'] = {
  root,
  inside: `${root}/inside.txt`,
  outside: '/data/roots/outside.txt',
  link: `${root}/link.txt`,
  sink: `http://127.0.0.1:${sinkPort}`,
  written: '/data/roots/written.txt',
}

/** Stands where the network would be: it gives out a canary, and notes each call. */
const sink = `import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
createServer((request, response) => {
  appendFileSync('${sinkCalls}', 'x')
  response.end('${canaries.sink}')
}).listen(${sinkPort}, '127.0.0.1')
`

/** An atom as a probe of a server's own bytes: it starts the server afresh in the sandbox, attacks it, and ends it. */
export function atomProbe(
  atom: AttackAtom,
  how: Pick<ProbeStart, 'args' | 'env'> = {},
  listens: Listening | null = null,
): ServerProbe {
  return {
    id: `atom-${atom.id}`,
    version: atom.version,
    title: atom.title,
    tries: { kind: 'control', control: atom.guard },
    of: null,
    cites: [...atom.maps.owaspMcp, ...atom.maps.owaspAgentic, ...atom.maps.safeMcp],
    needs: ['files', 'processes', 'network'],
    timeoutSeconds: 60,
    attempt: (server) => attempt(atom, server, how, listens),
  }
}

async function attempt(
  atom: AttackAtom,
  server: ServerUnderTest,
  how: Pick<ProbeStart, 'args' | 'env'>,
  listens: Listening | null,
): Promise<ServerProbeAttempt> {
  if (atom.over === 'http' && listens === null)
    return lacking('it is spoken to over standard input and output: there is no door')
  const started = await server.start({
    ...how,
    env: { UPKEEP_CANARY: canaries.environment, UPKEEP_SINK: places.sink, ...how.env },
    lays: [
      { path: places.inside, text: canaries.inside },
      { path: places.outside, text: canaries.outside },
      { path: places.link, linkTo: places.outside },
      { path: '/data/sink.mjs', text: sink },
    ],
    network: 'loopback',
    beside: [{ argv: ['node', '/data/sink.mjs'], readyPort: sinkPort }],
    readsBack: [places.written, sinkCalls],
    opens: listens === null ? 'mcp' : { port: listens.port },
  })
  if ('state' in started) return { outcome: 'inconclusive', detail: started.reason, transcript: [] }
  const attacked = listens === null ? overStdio(started) : await overHttp(started, listens)
  return typeof attacked === 'string'
    ? { outcome: 'inconclusive', detail: attacked, transcript: [] }
    : makeAttack(atom, attacked)
}

function overStdio(started: StartedServer): Attacked {
  return {
    rpc: started.request,
    notify: async (method, params) => {
      started.process.send(JSON.stringify({ jsonrpc: '2.0', method, params }))
    },
    front: null,
    places,
    end: () => aftermath(started, null),
  }
}

function overHttp(started: StartedServer, { port, path }: Listening): Promise<Attacked | string> {
  const end = (said: readonly string[]) => aftermath(started, said)
  return attackedOverHttp(started.http, `http://127.0.0.1:${port}${path}`, { own: null }, { places, end })
}

async function aftermath(started: StartedServer, said: readonly string[] | null) {
  const { transcript, stderr, readBack } = await started.stop()
  const calls = readBack[sinkCalls]
  return {
    said: said ?? transcript.filter(({ way }) => way === 'out').map(({ line }) => line),
    log: stderr,
    written: readBack[places.written]?.state === 'present',
    calledSink: calls?.state === 'present' ? calls.text.length : 0,
  }
}

function lacking(detail: string): ServerProbeAttempt {
  return { outcome: 'not-applicable', detail, transcript: [] }
}
