import { fileSubject, fleet, type ObservationKind, observationKinds, type Seen, type Subject } from '@upkeep/contract'
import { about, type ObservationIndex } from '../kernel/observation-index.ts'

/**
 * What a duty is handed for one need of one subject. A server is handed the facts of its configuration file and of the fleet where a
 * kind is about those. What no collector spoke of is unavailable, never silently absent.
 */
export function handOver(index: ObservationIndex, kind: ObservationKind, subject: Subject): Seen<ObservationKind> {
  const holder = holderOf(index, observationKinds[kind].about, subject)
  const observation = holder === null ? undefined : about(index, kind, holder)
  if (observation !== undefined) return observation
  if (subject.kind === 'server' && observationKinds[kind].about === 'server') return undeclared(index, kind, subject)
  return { state: 'unavailable', code: 'not-configured', reason: `nothing that was looked at speaks of it (${kind})` }
}

function holderOf(index: ObservationIndex, kindIsAbout: Subject['kind'], subject: Subject): string | null {
  if (kindIsAbout === subject.kind) return subject.id
  if (kindIsAbout === 'fleet') return fleet.id
  if (kindIsAbout !== 'file') return null
  const path = declaredIn(index, subject)
  return path === null ? null : fileSubject(path).id
}

/** The file that declares a server, or declared it when it was approved. */
function declaredIn(index: ObservationIndex, subject: Subject): string | null {
  const declared = about(index, 'declared-server', subject.id)
  if (declared?.state === 'seen') return declared.facts.path
  const approved = about(index, 'approved-server', subject.id)
  return approved?.state === 'seen' ? (approved.facts.declared?.path ?? null) : null
}

/** A server that nobody reported: gone when its file was read or is not there, unavailable when the file could not be read. */
function undeclared(index: ObservationIndex, kind: ObservationKind, subject: Subject): Seen<never> {
  const path = declaredIn(index, subject)
  const config = path === null ? undefined : about(index, 'client-config', fileSubject(path).id)
  if (config?.state === 'unavailable') return { state: 'unavailable', code: config.code, reason: config.reason }
  if (about(index, 'declared-server', subject.id)?.state === 'seen') {
    return { state: 'unavailable', code: 'not-supported', reason: `no collector reported it (${kind})` }
  }
  return { state: 'absent', reason: path === null ? 'it is not declared' : `no entry of that name in ${path}` }
}
