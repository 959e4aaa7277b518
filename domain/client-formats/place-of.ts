import type { Place } from '@upkeep/contract/place'
import { configPaths } from './config-paths.ts'

const stand = '/::place'

/** Every end of a path by which a client's file is known to lie in a home or a project, longest first. */
const ends: readonly { client: string; head: string; tail: string }[] = (['linux', 'darwin', 'win32'] as const)
  .flatMap((platform) => {
    const place: Place = {
      id: stand,
      home: stand,
      platform,
      env: {},
      projects: [stand],
      machine: false,
      upkeepFile: null,
      uid: null,
    }
    return configPaths(place).map(({ client, path }) => {
      const [head = '', tail = ''] = path.slice(stand.length).split('*')
      return { client: client.client, head, tail: path.includes('*') ? tail : '' }
    })
  })
  .sort((a, b) => b.head.length - a.head.length)

/**
 * The home or project in which a client's file lies, by where that client keeps its files; null where it lies in neither, as what a whole
 * machine shares does.
 */
export function placeOf(client: string, path: string): string | null {
  const plain = path.replaceAll('\\', '/')
  for (const end of ends) {
    if (end.client !== client) continue
    const at = end.tail === '' ? endingAt(plain, end.head) : plain.endsWith(end.tail) ? plain.lastIndexOf(end.head) : -1
    if (at > 0) return path.slice(0, at)
  }
  return null
}

function endingAt(path: string, end: string): number {
  return path.endsWith(end) ? path.length - end.length : -1
}
