import { type AnyProbe, defineProbe, type HttpPort, type Ports, type ProbeAttempt } from '@upkeep/contract'
import { ControlProbes } from '@upkeep/contract/observations/control-probes'
import { startAnswering } from '@upkeep/lab/servers/answering'
import { authentication } from '@upkeep/probes/authentication/probe'
import { origin } from '@upkeep/probes/origin/probe'
import { describe, expect, it } from 'vitest'
import { createHttpPort } from '../ports/http.ts'
import { runProbes } from './run-probes.ts'

const subject = { url: 'http://127.0.0.1:1/mcp', authorization: 'Bearer t0ken-canary' }

function portsWith(http: HttpPort): Ports {
  const unused = () => {
    throw new Error('not for probes')
  }
  const files = {
    inspect: unused,
    resolve: unused,
    readLink: unused,
    read: unused,
    list: unused,
    digestTree: unused,
    userName: unused,
  }
  const secrets = { fingerprint: unused, resolve: unused, tokenFor: unused }
  return {
    http,
    files,
    mcp: { look: unused, capture: unused, replay: unused },
    secrets,
    memory: { recall: unused, remember: unused },
    intel: { lookUp: unused },
    sandbox: { backend: unused, start: unused },
    answers: { recall: unused, keep: unused },
    archives: { unpack: unused, sha256: unused, architecture: 'amd64' },
    tls: { handshake: unused },
    logs: { watch: unused },
    machine: { addresses: unused },
    places: { list: unused, ownProgram: unused, keptObjects: unused },
    gateways: { read: unused },
    captures: { read: unused },
    secretStores: { look: unused, installed: unused },
  }
}

function scripted(outcomes: readonly (ProbeAttempt['outcome'] | 'throws')[]): AnyProbe {
  const left = [...outcomes]
  return defineProbe({
    id: 'scripted',
    version: 2,
    title: 'Scripted',
    control: 'origin',
    cites: [],
    reaches: [],
    timeoutSeconds: 5,
    async attempt() {
      const outcome = left.shift()
      if (outcome === undefined || outcome === 'throws') throw new Error('quotes t0ken-canary')
      return {
        outcome,
        detail: `was ${outcome}`,
        transcript: [{ sent: 'with t0ken-canary', received: 'x'.repeat(9_000) }],
      }
    },
  })
}

async function run(probes: readonly AnyProbe[], ports = portsWith(createHttpPort()), url = subject.url) {
  const plan = { probes, subject: { ...subject, url }, shownUrl: 'http://shown/', ports, pauseMs: 1 }
  return ControlProbes.parse(await runProbes({ ...plan, signal: new AbortController().signal }))
}

describe('run probes', () => {
  it.each<[readonly (ProbeAttempt['outcome'] | 'throws')[], ProbeAttempt['outcome'], number]>([
    [['held'], 'held', 1],
    [['broken', 'broken'], 'broken', 2],
    [['broken', 'inconclusive', 'broken'], 'broken', 3],
    [['inconclusive', 'held'], 'held', 2],
    [['inconclusive', 'inconclusive'], 'inconclusive', 2],
    [['broken', 'held', 'held'], 'inconclusive', 3],
    [['broken', 'held', 'broken'], 'broken', 3],
    [['throws', 'throws'], 'inconclusive', 2],
  ])('%j comes to %s', async (outcomes, outcome, attempts) => {
    const { results } = await run([scripted(outcomes)])
    expect(results).toMatchObject([{ probe: 'scripted', version: 2, control: 'origin', outcome, attempts }])
  })

  it('keeps transcripts short and without the credential', async () => {
    const found = await run([scripted(['held'])])
    expect(found.url).toBe('http://shown/')
    expect(found.results[0]?.transcript[0]?.received.length).toBeLessThan(600)
    expect(JSON.stringify(found)).not.toContain('canary')
  })

  it('sends one request at a time', async () => {
    const server = await startAnswering(() => null)
    const real = createHttpPort()
    let open = 0
    let most = 0
    const http: HttpPort = {
      async exchange(request) {
        open += 1
        most = Math.max(most, open)
        const answer = await real.exchange(request)
        open -= 1
        return answer
      },
    }
    const found = await run([authentication, origin], portsWith(http), server.url)
    await server.close()
    expect(most).toBe(1)
    expect(found.results.map(({ outcome }) => outcome)).toEqual(['broken', 'broken'])
  })

  it('asks a silent server no more after three requests', async () => {
    let sent = 0
    const http: HttpPort = {
      async exchange() {
        sent += 1
        return { state: 'unavailable', code: 'timed-out', reason: 'no complete answer' }
      },
    }
    const found = await run([authentication, origin], portsWith(http))
    expect(sent).toBe(3)
    expect(found.results.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive'])
    expect(found.results[1]?.detail).toContain('not sent')
  })
})
