import { defineCollector, type Observation, type Settings, type Subject } from '@upkeep/contract'
import type { LockedServer } from '@upkeep/contract/lock-file'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { FilesPort, Refusal } from '@upkeep/contract/ports'
import { portable } from '@upkeep/domain/desired-state/lock-paths'
import { readLock } from '@upkeep/domain/desired-state/lock-text'
import { modeOf } from '@upkeep/domain/desired-state/mode-of'

const maxBytes = 32 << 20

/** What the lock of this machine says of each server that is declared. */
export const desiredState = defineCollector({
  id: 'desired-state',
  version: 1,
  title: 'What upkeep.lock says of each server',
  sees: ['desired-server'],
  per: 'place',
  reaches: ['files'],
  after: ['declared-server'],
  timeoutSeconds: 30,
  async collect({ for: { place }, prior, ports, settings }) {
    const declared = prior['declared-server'].flatMap((one) =>
      // What upkeep.yaml names beside the clients is no entry of a client.
      one.state === 'seen' && one.facts.client !== 'upkeep' ? [one] : [],
    )
    const isHere = place.machine || place.gateway !== undefined
    const home = settings.desired?.home ?? place.home
    const read = isHere ? lockOf(settings, ports.files) : none('a lock is of the machine that it lies on')
    return declared.map(({ subject, facts }) =>
      'state' in read ? { kind: 'desired-server', subject, ...read } : seen(subject, facts, read, home),
    )
  },
})

interface Lock {
  path: string
  since: string
  servers: readonly LockedServer[]
  modes: NonNullable<Settings['desired']>['modes']
}

function none(reason: string): Refusal {
  return { state: 'unavailable', code: 'not-configured', reason }
}

function lockOf({ desired }: Settings, files: FilesPort): Lock | Refusal {
  if (desired === undefined) return none('no lock is named')
  const read = files.read(desired.lock, maxBytes)
  if (read.state === 'absent') return none(`there is no ${desired.lock}: upkeep import`)
  if (read.state === 'unavailable') return read
  const found = readLock(new TextDecoder().decode(read.bytes))
  if (found.state !== 'read')
    return { state: 'unavailable', code: 'malformed', reason: `${desired.lock}: ${found.reason}` }
  const since = new Date(Number(read.facts.modifiedNs / 1_000_000n)).toISOString()
  return { path: desired.lock, since, servers: found.lock.servers, modes: desired.modes }
}

function seen(subject: Subject, facts: DeclaredServer, lock: Lock, home: string): Observation<'desired-server'> {
  const folders = { home, here: lock.path.slice(0, Math.max(1, lock.path.lastIndexOf('/'))) }
  const [file, project] = [portable(facts.path, folders), facts.project]
  const at = project === null ? null : portable(project, folders)
  const locked = lock.servers.find(
    (one) => one.client === facts.client && one.file === file && one.project === at && one.name === facts.name,
  )
  const mode = modeOf(lock.modes, facts)
  return {
    kind: 'desired-server',
    subject,
    state: 'seen',
    facts: { lock: lock.path, since: lock.since, mode, locked: locked ?? null, folders },
  }
}
