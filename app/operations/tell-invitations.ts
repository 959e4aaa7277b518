import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FeedEntry, nextFeed } from '@upkeep/domain/calendar/calendar-feed'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { knownChanges } from '../calendar-grounds.ts'
import { type Telling, tellChannel } from '../tell-people.ts'
import { changeEvent } from './calendar-feed-file.ts'
import type { Context } from './context.ts'

const Sent = z.array(FeedEntry).max(100_000)

/**
 * Invites to the times of approved changes, where a channel of mail asks for it: a time that is new or moved is asked for, one that was called off
 * before it came is cancelled. What is written down is written after: stopped in between, the same time is asked for twice, under the same number.
 */
export async function tellInvitations(context: Context): Promise<void> {
  const channels = context.upkeepFile.notify.filter((one) => 'mail' in one && one.invite)
  const store = await context.existingStore()
  if (channels.length === 0 || store === null) return
  const now = context.clock.now()
  const planned = (await knownChanges(store)).filter(({ phase, window }) => phase === 'proposed' && window !== null)
  const wanted = planned.flatMap(changeEvent).filter(({ from }) => from > now)
  const isWanted = new Set(wanted.map(({ uid }) => uid))
  // What has begun is no longer called off; what missed its time keeps its number, so that calendars take the next one.
  const before = readSent(context.stateDir).filter(({ uid, from }) => from > now || isWanted.has(uid))
  const next = nextFeed(before, wanted, now)
  const numbers = new Map(before.map(({ uid, sequence }) => [uid, sequence]))
  const fresh = next.filter(({ uid, sequence, cancelled }) =>
    numbers.has(uid) ? numbers.get(uid) !== sequence : !cancelled,
  )
  for (const entry of fresh)
    for (const { name } of channels) await tellChannel(context, name, invitationTo(entry, planned))
  if (fresh.length > 0 || before.length > 0) await keepSent(context.stateDir, next)
}

function invitationTo(entry: FeedEntry, planned: readonly ChangeState[]): Telling {
  const { uid, sequence, cancelled, from, until, title, detail } = entry
  const change = planned.find((one) => changeEvent(one).some((event) => event.uid === uid)) ?? null
  return {
    event: 'invitation',
    change: change?.id ?? null,
    title: cancelled ? `Called off: ${title}` : title,
    severity: null,
    urgent: false,
    rehearsal: false,
    servers: change === null ? [] : touchedServers(change.plan).slice(0, 200),
    owners: [],
    details: [`${from} to ${until}`, detail],
    more: change === null ? 'upkeep windows' : `upkeep changes ${change.id}`,
    thread: uid,
    about: [],
    calendar: { method: cancelled ? 'CANCEL' : 'REQUEST', uid, sequence, from, until, detail },
  }
}

/** A file that is not ours counts as none: then all is asked for again. */
function readSent(stateDir: string): FeedEntry[] {
  try {
    const parsed = Sent.safeParse(JSON.parse(readFileSync(join(stateDir, 'invitations.json'), 'utf8')))
    return parsed.success ? parsed.data : []
  } catch {
    return []
  }
}

async function keepSent(stateDir: string, entries: readonly FeedEntry[]): Promise<void> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  await writeFileAtomic(join(stateDir, 'invitations.json'), `${JSON.stringify(entries)}\n`, { mode: 0o600 })
}
