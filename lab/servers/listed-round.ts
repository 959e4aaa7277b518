import { catalog } from '@upkeep/app/catalog'
import {
  type AnyCollector,
  defineCollector,
  type Facts,
  type Observation,
  type ObservationKind,
  type Settings,
} from '@upkeep/contract'
import { collectRound } from '@upkeep/engine/collect/collect-round'
import { callFor, declaredUrl, realPorts, settingsWith } from './declared.ts'

/** One listed server to look at: its tokens, what its owner names, and what is asked for. */
export interface ListedRound {
  url: string
  token?: string | null
  foreignToken?: string | null
  listed?: Partial<Settings['probe'][number]>
  settings?: Partial<Settings>
  declared?: Partial<Facts<'declared-server'>>
  kinds: readonly ObservationKind[]
  at?: string
}

const tokenNames = { token: 'LAB_TOKEN', foreignToken: 'LAB_FOREIGN_TOKEN' } as const

/** Looks at a server that its owner listed, with the installed collectors and probes, through the engine. */
export async function lookAtListed(round: ListedRound): Promise<Observation[]> {
  const { url, token = null, foreignToken = null } = round
  const given = Object.entries({ token, foreignToken }).flatMap(([key, value]) =>
    (key === 'token' || key === 'foreignToken') && value !== null ? [{ key, name: tokenNames[key], value }] : [],
  )
  const ports = realPorts(Object.fromEntries(given.map(({ name, value }) => [name, value])))
  const { subject, place, server } = callFor(declaredUrl(url, ports, round.declared))
  const listed = { url, ...Object.fromEntries(given.map(({ key, name }) => [key, `env:${name}`])), ...round.listed }
  const declares: AnyCollector = defineCollector({
    id: 'declares',
    version: 1,
    title: 'The declared server of this test',
    sees: ['declared-server'],
    per: 'place',
    reaches: [],
    after: [],
    timeoutSeconds: 5,
    collect: async () => [{ kind: 'declared-server', subject, state: 'seen', facts: server }],
  })
  const real = catalog.collectors.filter((one) => !one.sees.includes('declared-server'))
  return await collectRound({
    collectors: [declares, ...real],
    serverProbes: [],
    probes: catalog.probes,
    kinds: new Set(round.kinds),
    places: [place],
    settings: settingsWith({ probe: [listed], ...round.settings }),
    ports,
    at: round.at ?? '2026-11-22T09:00:00.000Z',
    signal: new AbortController().signal,
  })
}
