import type { AnyProbe, Observation, Settings } from '@upkeep/contract'
import { defineProbe } from '@upkeep/contract'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { serve } from '@upkeep/lab/servers/loopback'
import { afterAll, expect, it } from 'vitest'
import { probeListedServers } from './probe-listed-servers.ts'

const ports = realPorts()
const got: { path: string; authorization: string | undefined }[] = []
const server = await serve((request, response) => {
  got.push({ path: request.url ?? '', authorization: request.headers.authorization })
  response.writeHead(404).end()
})
afterAll(() => server.close())

/** A probe that sends one request, with whatever it was given to be let in. */
const knocks: AnyProbe = defineProbe({
  id: 'knocks',
  version: 1,
  title: 'Knocks',
  control: 'origin',
  cites: [],
  reaches: ['http'],
  timeoutSeconds: 5,
  async attempt({ url, authorization }, { http }) {
    const headers: Record<string, string> = authorization === null ? {} : { authorization }
    await http.exchange({ url, method: 'POST', headers, timeoutMs: 2_000, maxBytes: 1_000 })
    return { outcome: 'held', detail: 'knocked', transcript: [] }
  },
})

function entry(name: string, url: string): { observation: Observation<'declared-server'> } {
  const { subject, server: facts } = callFor(declaredUrl(url, ports, { name }))
  return { observation: { kind: 'declared-server', subject, state: 'seen', facts } }
}

async function probe(
  entries: ReturnType<typeof entry>[],
  settings: Partial<Settings>,
  tokenFor: (url: string) => string | null = () => null,
) {
  got.length = 0
  const given = { ...ports, secrets: { ...ports.secrets, tokenFor } }
  const signal = new AbortController().signal
  const round = { probes: [knocks], settings: settingsWith(settings), ports: given, signal }
  const observations = await probeListedServers(round, entries)
  return observations.map((one) => (one.state === 'unavailable' ? one.code : one.state))
}

const { url } = server
const withQuery = `${url}?tenant=two`

it.each<[string, string]>([
  ['the same address', url],
  ['another query of it', withQuery],
  ['a slash more', `${url}/`],
])('what belongs to a vendor is not tried under another name either: %s', async (_, other) => {
  const settings = {
    probe: [{ url }, { url: other }],
    servers: [{ name: 'crm', ownership: 'vendor' as const }],
  }
  expect(await probe([entry('crm', url), entry('mine', other)], settings)).toEqual(['not-consented', 'not-consented'])
  expect(got).toEqual([])
})

it('another address on the same host is tried, and so are our own and those of a community', async () => {
  const settings = {
    probe: [{ url }, { url: `${url}/mine` }],
    servers: [
      { name: 'crm', ownership: 'vendor' as const },
      { name: 'mine', ownership: 'own' as const },
    ],
  }
  expect(await probe([entry('crm', url), entry('mine', `${url}/mine`)], settings)).toEqual(['not-consented', 'seen'])
  expect(got.map(({ path }) => path)).toEqual(['/mcp/mine'])
})

it('the token of a login goes to the address that it is for, and one that the owner names comes first', async () => {
  const tokenFor = (address: string) => (address === url ? 'login-canary' : null)
  await probe([entry('crm', url), entry('mine', withQuery)], { probe: [{ url }, { url: withQuery }] }, tokenFor)
  expect(got.map(({ authorization }) => authorization)).toEqual(['Bearer login-canary', undefined])
  const named = await probe([entry('crm', url)], { probe: [{ url, token: 'env:NOT_SET' }] }, tokenFor)
  expect(named).toEqual(['not-configured'])
  expect(got).toEqual([])
})
