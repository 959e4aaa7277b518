import { tmpdir } from 'node:os'
import type { BackendResult } from '@upkeep/engine/sandbox/self-test'
import type { Context } from './context.ts'
import type { OwnLine } from './doctor-line.ts'

/** Tries for real to get out of each sandbox at hand; one line for each attempt, and one for a backend that is not at hand. */
export async function sandboxLines({ machine }: Context): Promise<OwnLine[]> {
  const { selfTest } = await import('@upkeep/engine/sandbox/self-test')
  const places = { tempDir: tmpdir(), path: machine.env.PATH ?? '', home: machine.home }
  const results = await selfTest(places)
  const lines = results.flatMap(linesOf)
  if (results.some((one) => one.state === 'tried')) return lines
  const detail = 'nothing on this machine isolates a server: none will be run'
  return [
    ...lines,
    { about: 'sandbox', state: 'attention', detail, why: 'install bubblewrap, or allow user namespaces' },
  ]
}

function linesOf(result: BackendResult): OwnLine[] {
  if (result.state === 'unavailable')
    return [{ about: result.id, state: 'not there', detail: result.reason, why: 'another backend is used instead' }]
  const { version, boundsKeptBy, isolates, tested } = result.backend
  const first: OwnLine = {
    about: result.id,
    state: 'fine',
    detail: `${version}, keeps apart ${isolates.join(', ')}${tested ? '' : ', untested on this system'}`,
    why: `memory and processes are bounded by ${boundWords[boundsKeptBy]}`,
  }
  const tries = result.results.map(({ says, held, ended, left }): OwnLine => {
    const detail = `${held ? 'held' : 'NOT HELD'}: ${says}`
    const why = [`ended: ${ended}`, ...left.map((one) => `left: ${one}`)].join(', ')
    return { about: result.id, state: held ? 'fine' : 'attention', detail, why }
  })
  return [first, ...tries]
}

const boundWords = {
  'cgroup-v2': 'a control group of version 2, which was tried on its files only',
  'cgroup-v1': 'a control group',
  looks: 'looks at it twenty times a second, and by limits of each process',
} as const
