import type { EntryEffectPlanned, EntryState } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { Refusal } from '@upkeep/contract/ports'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { gatewayCall } from '@upkeep/domain/gateways/gateway-calls'
import { documentOf, entriesIn, GatewayEntry } from '@upkeep/domain/gateways/gateway-entries'
import { callGateway, serversOf } from '../ports/gateways.ts'
import type { ChangeWorld } from './change-world.ts'
import type { EffectOf, Made, Undone } from './file-effect.ts'
import { entryState } from './plan-gateway.ts'

type Entry = GatewayEntry | null

/** An entry as its gateway has it now. */
async function entryNow(
  world: Pick<ChangeWorld, 'ports'>,
  effect: EntryEffectPlanned,
): Promise<{ entry: Entry } | Refusal> {
  const servers = await serversOf(effect.address, world.ports)
  if ('state' in servers) return servers
  if (servers.broken.includes(effect.server))
    return { state: 'unavailable', code: 'malformed', reason: 'its entry has no form that is known here' }
  return { entry: servers.entries.get(effect.server) ?? null }
}

/** Whether a gateway has an entry as a change says that it has it; or why that is not known. */
export async function entryStands(
  world: Pick<ChangeWorld, 'ports'>,
  effect: EntryEffectPlanned,
  to: EntryState,
): Promise<boolean | Refusal> {
  const now = await entryNow(world, effect)
  return 'state' in now ? now : is(world, now.entry, to)
}

/** Makes the one call, where the gateway still has the entry of before, and looks whether it came to what was meant. */
export async function makeEntry(
  world: ChangeWorld,
  of: EffectOf,
  effect: EntryEffectPlanned,
  begin: () => Promise<void>,
): Promise<Made> {
  const now = await entryNow(world, effect)
  if ('state' in now) return { state: 'refused', reason: `the gateway could not be asked: ${now.reason}` }
  if (is(world, now.entry, effect.after)) return { state: 'made', already: true }
  if (!is(world, now.entry, effect.before)) return { state: 'refused', reason: 'somebody else changed it meanwhile' }
  const to = keptEntry(world, of, 'after', effect.after)
  await begin()
  const called = await put(world, effect, now.entry, to)
  return called.state === 'made' ? { state: 'made', already: false } : called
}

/** Gives the gateway back what it had; where somebody changed the entry since, without what the change had written. */
export async function undoEntry(
  world: ChangeWorld,
  state: ChangeState,
  index: number,
  effect: EntryEffectPlanned,
  begin: () => Promise<void>,
): Promise<Undone> {
  const of = { change: state.id, index }
  const now = await entryNow(world, effect)
  const mayStand = state.done.has(index) || state.begun.has(index)
  if ('state' in now) {
    if (!mayStand) return { how: 'never-done', detail: 'no call went out for it' }
    return left(`the gateway could not be asked, so whether it stands is not known: ${now.reason}`)
  }
  if (is(world, now.entry, effect.before)) return { how: 'never-done', detail: 'it is as it was before' }
  const stands = is(world, now.entry, effect.after)
  if (!stands && !mayStand) return { how: 'never-done', detail: 'it was not made' }
  const before = keptEntry(world, of, 'before', effect.before)
  const to = stands ? { entry: before, left: [] } : oursOnly(world, of, effect, before, now.entry)
  if ('how' in to) return to
  await begin()
  const called = await put(world, effect, now.entry, to.entry)
  if (called.state === 'refused') return left(called.reason)
  if (stands) return { how: 'identical', detail: 'the very same entry' }
  if (to.left.length === 0) return { how: 'ours-only', detail: 'what others wrote since was kept' }
  return left(`taken back but for ${to.left.slice(0, 5).join(', ')}, which somebody changed since`)
}

/** One call, and a look at what came of it: the answer to the call is not believed, and a call without one may have been heard. */
async function put(
  world: ChangeWorld,
  effect: EntryEffectPlanned,
  from: Entry,
  to: Entry,
): Promise<{ state: 'made' } | { state: 'refused'; reason: string }> {
  const call = gatewayCall(effect.server, from, to)
  if ('state' in call) return call
  world.between?.(`call ${call.method}`)
  const called = await callGateway(effect.address, call, world.ports)
  world.between?.(`called ${call.method}`)
  const said = called.state === 'answered' ? `it answered ${called.status}` : called.reason
  const now = await entryNow(world, effect)
  if ('state' in now) return { state: 'refused', reason: `${said}, and could not be asked after it: ${now.reason}` }
  if (canonicalJson(now.entry) === canonicalJson(to)) return { state: 'made' }
  const as = canonicalJson(now.entry) === canonicalJson(from) ? 'it was before' : 'nobody here wrote it'
  return { state: 'refused', reason: `after the call (${said}) the gateway has it as ${as}` }
}

function is(world: Pick<ChangeWorld, 'ports'>, entry: Entry, state: EntryState): boolean {
  return canonicalJson(entryState(entry, world.ports.secrets.fingerprint)) === canonicalJson(state)
}

/** An entry that was kept, held against what the plan says of it. */
export function keptEntry(
  world: Pick<ChangeWorld, 'kept' | 'ports'>,
  { change, index }: EffectOf,
  when: 'before' | 'after',
  state: EntryState,
): Entry {
  if (state.state === 'absent') return null
  const bytes = world.kept.read(change, `${index}-${when}`)
  const parsed = GatewayEntry.safeParse(bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes)))
  if (parsed.success && is(world, parsed.data, state)) return parsed.data
  throw new UserError(
    'evidence-invalid',
    `What was kept of change ${change} is gone, or is not what its plan says.`,
    'Restore the folder undo/ of the state and undo again, or put the server back in the gateway by hand.',
  )
}

/** Somebody changed the entry since: their part stays. */
function oursOnly(
  world: ChangeWorld,
  of: EffectOf,
  effect: EntryEffectPlanned,
  before: Entry,
  now: Entry,
): { entry: Entry; left: readonly string[] } | Undone {
  if (now === null) return left('somebody took it out since')
  const ours = keptEntry(world, of, 'after', effect.after)
  if (before === null || ours === null) return left('somebody changed it since, and it is all or nothing')
  const textOf = (entry: GatewayEntry) => documentOf({ entries: new Map([[effect.server, entry]]), broken: [] })
  const reverted = world.revert({
    path: effect.address,
    before: textOf(before),
    after: textOf(ours),
    now: textOf(now),
  })
  if (reverted.state === 'refused') return left(reverted.reason)
  const entry = entriesIn(reverted.text)?.get(effect.server)
  return entry === undefined ? left('somebody changed it since') : { entry, left: reverted.left }
}

function left(detail: string): Undone {
  return { how: 'left', detail: detail.slice(0, 1_000) }
}
