import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Installation } from './installation.ts'
import type { KilledServer } from './killed-server.ts'
import { adoptMore, drift, type Outside, trackTickets, writeInstallation } from './served-installation.ts'

/** What an installation is like before each write: what each needs is there, and is needed by no other. */
export interface Prepared {
  readonly finding: string
  readonly question: string
  readonly proposed: string
  readonly unwanted: string
  readonly made: string
  /** One that the person does not have yet. */
  readonly passkey: string
}

interface Write {
  readonly body: (there: Prepared) => Record<string, unknown>
  /** What is otherwise for this one alone. */
  readonly arrange?: (place: Installation, outside: Outside) => void
  /** Why nothing but its answer is written. */
  readonly writesNothing?: string
}

const window = { rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' }
const reason = 'tried in a test'
const asked = (body: Record<string, unknown>): Write => ({ body: () => body })

/** What is asked of every operation that writes. */
export const writes: Readonly<Record<string, Write>> = {
  upkeep: { ...asked({}), arrange: adoptMore },
  scan: asked({ duties: ['health-checks'] }),
  accept: { body: ({ finding }) => ({ finding, until: '30d', reason }) },
  prove: asked({ servers: ['runs'] }),
  fix: asked({ what: ['switched-off'], disable: true, reason }),
  undo: { body: ({ made }) => ({ change: made, reason }) },
  confine: asked({ server: 'runs', reason }),
  changes: { body: ({ unwanted }) => ({ change: unwanted, abandon: true, reason }) },
  approve: { body: ({ proposed }) => ({ change: proposed, reason }) },
  emergency: asked({ what: 'dangerous', reason }),
  windows: asked({ feed: true }),
  'window.set': asked({ name: 'another', ...window, reason }),
  'window.remove': asked({ name: 'sunday', reason }),
  'freeze.set': asked({ why: 'fair', from: '2036-01-01T00:00:00Z', until: '2036-01-02T00:00:00Z', reason }),
  'freeze.remove': asked({ why: 'audit', reason }),
  // Goes on with the one that is planned.
  rollout: asked({ reason }),
  surface: {
    ...asked({ server: 'runs' }),
    writesNothing: 'it shows what a run in the sandbox offers; the file to keep it in is named at a terminal only',
  },
  inbox: { body: ({ question }) => ({ answer: 'later', id: question, until: '7d' }) },
  'baseline.accept': asked({ servers: ['plain'], reason }),
  attest: asked({ scope: 'health-checks', statement: 'I looked', until: '30d', role: 'operator' }),
  keep: asked({ server: 'kept', online: true }),
  keys: { body: ({ passkey }) => ({ passkey }) },
  enforce: asked({}),
  'results.remove': asked({ name: 'other' }),
  // Where upkeep.yaml stands, it sets the profile.
  profile: { ...asked({ profile: 'team' }), arrange: ({ cwd }) => rmSync(join(cwd, 'upkeep.yaml')) },
  'notify.test': asked({ channel: 'hook' }),
  'tickets.sync': { ...asked({}), arrange: trackTickets },
  'contract.publish': asked({ server: 'plain' }),
  'token.revoke': asked({ name: 'ci' }),
}

const Findings = z.looseObject({
  findings: z.array(
    z.looseObject({ finding: z.looseObject({ statement: z.looseObject({ fingerprint: z.string() }) }) }),
  ),
})
const Inbox = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), kind: z.string() })) })
const Changed = z.looseObject({ change: z.looseObject({ id: z.string() }) })

/** Makes the installation that every write is tried on, and keeps it. */
export async function prepare(server: KilledServer, outside: Outside): Promise<Prepared> {
  const { place } = server
  writeInstallation(place, outside)
  await server.run('import', 'results', 'other.sarif', '--name', 'other')
  await server.run('token', 'new', 'ci', '--role', 'viewer', '--until', '30d')
  await server.run('import')
  await server.run('scan', '--homes', join(place.home, 'homes'))
  await server.run('accept', 'runs', '--run')
  // Planned to its last ring; that nobody is there to approve it is no matter here.
  await server.run('rollout', 'config-writable-by-others', '--homes', join(place.home, 'homes'), '--reason', reason)
  await server.start()
  const done = async (path: string, body: unknown) => {
    const answer = await server.order(path, body, `prepare ${path} ${JSON.stringify(body)}`.replace(/[^a-z]+/g, '-'))
    if (answer?.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return answer.body
  }
  const [first, passkey] = server.passkeys
  await done('keys', { passkey: first })
  await done('approve', { change: 'desired-state' })
  await done('scan', {})
  await done('scan', { duties: ['dependency-management'] })
  const change = async (name: string, more: Record<string, unknown>) => {
    return Changed.parse(await done('fix', { what: [name], disable: true, reason, ...more })).change.id
  }
  const proposed = await change('proposed', { propose: true })
  const unwanted = await change('unwanted', { propose: true })
  const made = await change('made', {})
  const finding = Findings.parse(await server.ask('findings?count=1')).findings[0]?.finding.statement.fingerprint ?? ''
  const question = Inbox.parse(await server.ask('inbox')).items[0]?.id ?? ''
  await server.kill()
  drift(place)
  server.keep()
  return { finding, question, proposed, unwanted, made, passkey }
}
