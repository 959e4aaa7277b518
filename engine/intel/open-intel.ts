import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FeedPlace, HttpPort, IntelCall, IntelLook, IntelPort, Refusal } from '@upkeep/contract'
import { withAge } from './feed-age.ts'
import { readFeedRow } from './feed-facts.ts'
import type { Feed } from './feed-sink.ts'
import { indicatorMatches } from './indicator-matches.ts'
import { intelFolders, placedImports } from './kept-feeds.ts'
import { candidatesIn, keysOf, type OpenFeed } from './look-up.ts'
import { isOsvApi, refreshFromApi } from './osv-api.ts'
import { indexPath, type PlacedFeed, refreshFeed } from './refresh-feed.ts'
import { resolveCandidates } from './resolve.ts'

/** The feeds of one installation: an index for each below `intel/` in its state folder, read again only when the feed changed. */
export function openIntel({ stateDir, http }: { stateDir: string; http: HttpPort }): IntelPort {
  return { lookUp: (call) => lookUp({ stateDir, http }, call) }
}

export interface World {
  stateDir: string
  http: HttpPort
}

async function lookUp(world: World, call: IntelCall): Promise<IntelLook | Refusal> {
  return withFeeds(world, call, (opened) => {
    const [first] = opened
    if (first === undefined) {
      return { state: 'unavailable', code: 'not-configured', reason: 'no feed of advisories is configured' }
    }
    if (first.code === null || opened.some((one) => one.code === null)) {
      return { state: 'answered', facts: factsOf(opened, call) }
    }
    const reasons = opened.map(({ feed }) => `${feed.id}: ${feed.problem}`)
    return { state: 'unavailable', code: first.code, reason: `no feed could be read: ${reasons.join('; ')}` }
  })
}

/** Every feed in place as it stands, brought up to date: for a list of them. */
export function feedsInPlace(
  world: World,
  call: Omit<IntelCall, 'packages' | 'hosts' | 'online'>,
): Promise<{ feed: Feed; usable: boolean }[]> {
  return withFeeds(world, { ...call, packages: [], hosts: [], online: false }, (opened) =>
    opened.map(({ feed, code }) => ({ feed, usable: code === null })),
  )
}

type Opened = OpenFeed & { code: Refusal['code'] | null }

async function withFeeds<Result>(world: World, call: IntelCall, use: (opened: Opened[]) => Result): Promise<Result> {
  const feeds = placedFeeds(world.stateDir, call.feeds)
  const opened: Opened[] = []
  try {
    for (const place of feeds) opened.push(await openFeed(world, place, call))
    if (feeds.length > 0) forgetOthers(world.stateDir, feeds)
    return use(opened)
  } finally {
    for (const { database } of opened) database.close()
  }
}

/** The feeds that the owner and the product put in place, and those that were imported; each path once. */
function placedFeeds(stateDir: string, places: readonly FeedPlace[]): PlacedFeed[] {
  const byPath = new Map(places.map((place) => [place.path, { ...place, id: place.path } as PlacedFeed]))
  return [...byPath.values(), ...placedImports(stateDir)]
}

async function openFeed(world: World, place: PlacedFeed, call: IntelCall): Promise<Opened> {
  const folder = intelFolders(world.stateDir).indexes
  const refresh = { ...call, folder }
  const database = isOsvApi(place.path)
    ? await refreshFromApi(place, { ...refresh, http: world.http })
    : await refreshFeed(place, refresh)
  const { facts, code } = readFeedRow(database)
  return { feed: withAge(facts, place.maxAgeDays, call.at), database, code }
}

function factsOf(opened: readonly OpenFeed[], { packages, hosts }: IntelCall): IntelLook['facts'] {
  const keys = keysOf(packages)
  const candidates = opened.flatMap((one) => candidatesIn(one, keys))
  return {
    feeds: opened.map(({ feed }) => feed),
    records: resolveCandidates(candidates, opened),
    indicators: indicatorMatches(opened, { keys, hosts }),
  }
}

/** Indexes of feeds that are no longer in place, and drafts that a killed process left, are taken away. */
function forgetOthers(stateDir: string, feeds: readonly PlacedFeed[]): void {
  const { indexes } = intelFolders(stateDir)
  const mine = new Set(feeds.map((place) => indexPath(indexes, place)))
  for (const name of readdirSync(indexes)) {
    const path = join(indexes, name)
    const left = name.endsWith('.db') ? !mine.has(path) : isLeftDraft(name)
    if (left) rmSync(path, { force: true })
  }
}

/** A draft bears the number of the process that writes it. */
function isLeftDraft(name: string): boolean {
  const pid = /\.db\.(\d{1,10})\.[0-9a-z]+\.draft$/.exec(name)?.[1]
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch {
    return true
  }
}
