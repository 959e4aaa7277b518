import { defineCollector, fileSubject, type Observation } from '@upkeep/contract'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import type { FileExposure } from '@upkeep/contract/observations/file-exposure'
import type { Place } from '@upkeep/contract/place'
import type { FilesPort, Refusal } from '@upkeep/contract/ports'
import { followWay } from './way.ts'
import { modeText, reachableBy, replaceableThrough } from './who-else.ts'

/**
 * Looks at who else can read, write or replace each configuration file that was read, and which kinds of secret it holds. Access lists
 * beyond the permission bits are not seen.
 */
export const fileExposure = defineCollector({
  id: 'file-exposure',
  version: 1,
  title: 'Who else can read or write the configuration files, and what secrets they hold',
  sees: ['file-exposure'],
  per: 'place',
  reaches: ['files'],
  after: ['client-config', 'declared-server'],
  timeoutSeconds: 60,
  async collect({ for: { place }, prior, ports }) {
    const servers = prior['declared-server'].flatMap((each) => (each.state === 'seen' ? [each.facts] : []))
    return prior['client-config'].flatMap((config) => {
      if (config.state === 'absent') return []
      if (place.gateway !== undefined) return [ofGateway(config.subject)]
      if (config.state === 'unavailable') return [unavailable(config.subject, config)]
      return [look(config.facts.path, place, ports.files, servers)]
    })
  },
})

type Seen = Observation<'file-exposure'>

function ofGateway(subject: Seen['subject']): Seen {
  return {
    kind: 'file-exposure',
    subject,
    state: 'absent',
    reason: 'a gateway keeps it: it is no file of this machine',
  }
}

function unavailable(subject: Seen['subject'], { code, reason }: Pick<Refusal, 'code' | 'reason'>): Seen {
  return { kind: 'file-exposure', subject, state: 'unavailable', code, reason }
}

function look(path: string, place: Place, files: FilesPort, servers: readonly DeclaredServer[]): Seen {
  const subject = fileSubject(path)
  if (place.platform === 'win32') {
    return unavailable(subject, { code: 'not-supported', reason: 'rights on Windows are not read yet' })
  }
  const user = userOf(place, files)
  if (typeof user !== 'number') return unavailable(subject, user)
  const way = followWay(path, files)
  if (way.state === 'unavailable') return unavailable(subject, way)
  const facts: FileExposure = {
    path,
    realPath: way.realPath,
    mode: modeText(way.facts),
    uid: way.facts.uid,
    gid: way.facts.gid,
    owner: files.userName(way.facts.uid),
    ownedByUser: way.facts.uid === user,
    changedAt: new Date(Number(way.facts.changedNs / 1_000_000n)).toISOString(),
    readableBy: reachableBy(way, 'read'),
    writableBy: reachableBy(way, 'write'),
    replaceableThrough: replaceableThrough(way, user),
    secrets: servers.filter((server) => server.path === path).flatMap(secretsOf),
  }
  return { kind: 'file-exposure', subject, state: 'seen', facts }
}

/** The number of the person whose home it is: known to the caller, or the owner of the home itself. */
function userOf(place: Place, files: FilesPort): number | Refusal {
  if (place.uid !== null) return place.uid
  const home = files.inspect(place.home)
  if (home.state === 'present') return home.uid
  if (home.state === 'unavailable') return home
  return { state: 'unavailable', code: 'changed-while-reading', reason: 'the home folder is not there' }
}

/** Every hidden value of a server that looks like a secret: where it stands and of which kind. */
function secretsOf(server: DeclaredServer): FileExposure['secrets'] {
  const values: (readonly [string, SafeValue | null])[] = [
    ['command', server.command],
    ...server.args.map((value, index) => [`argument ${index + 1}`, value] as const),
    ...Object.entries(server.env).map(([name, value]) => [`env ${name}`, value] as const),
    ...Object.entries(server.headers).map(([name, value]) => [`header ${name}`, value] as const),
    ...server.urlSecrets.map(({ where, value }) => [`url ${where}`, value] as const),
  ]
  return values.flatMap(([where, value]) =>
    value?.kind === 'hidden' && value.secret !== 'none' ? [{ server: server.name, where, kind: value.secret }] : [],
  )
}
