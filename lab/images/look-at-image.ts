import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundledCode } from '@upkeep/collectors/bundled-code/collector'
import { makeIndex } from '@upkeep/collectors/bundled-code/testing/small-index'
import { resolvedPackages } from '@upkeep/collectors/resolved-packages/collector'
import { drawVerdict, type Seen, serverSubject } from '@upkeep/contract'
import { declared, exposure, notAsked } from '@upkeep/domain/advisories/testing/given'
import { remembered, shippedTable } from '@upkeep/domain/advisories/testing/given-urgency'
import { fleetPackages } from '@upkeep/domain/fleet-packages'
import { securityPatchAssessment } from '@upkeep/duties/security-patch-assessment/duty'
import { vulnerabilityScanning } from '@upkeep/duties/vulnerability-scanning/duty'
import { realPorts } from '@upkeep/lab/servers/declared'

const at = '2026-11-22T09:00:00.000Z'
const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'crm')
const place = {
  id: '/home/ada',
  home: '/home/ada',
  platform: 'linux',
  env: {},
  projects: [],
  machine: false,
  upkeepFile: null,
  uid: null,
} as const
const launch = { via: 'docker', image: 'acme/server', tag: '1.2', digest: null, pinned: false } as const
const scratch = mkdtempSync(join(tmpdir(), 'upkeep-image-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
let made = 0
/** One for all looks, so that a feed is read once. */
const ports = realPorts()
/** Knows a package that is made for tests, `small`. */
const index = makeIndex(join(scratch, 'index'))

/** Writes bytes to a file of their own below a scratch folder. */
export function scratchFile(name: string, bytes: string | Uint8Array): string {
  made += 1
  const path = join(mkdtempSync(join(scratch, `${made}-`)), name)
  writeFileSync(path, bytes)
  return path
}

/** What the product's own collectors and duties come to for a server that is started from an image, with these feeds in place. */
export async function lookAtImage(bytes: Uint8Array, feeds: readonly string[]) {
  const server = declared(launch)
  const images = [{ reference: 'acme/server:1.2', path: scratchFile('image.tar', bytes) }]
  const settings = {
    probe: [],
    connectToDeclared: false,
    online: false,
    registryUrl: '',
    feeds: { osv: [], registry: [] },
    images,
    fingerprints: [index],
  }
  const call = {
    for: { per: 'server', subject, place, server: server.facts } as const,
    ports,
    settings,
    at,
    signal: { aborted: false },
  }
  const [resolved] = await resolvedPackages.collect({ ...call, prior: {} })
  if (resolved === undefined) throw new Error('nothing was said')
  const [bundled] = await bundledCode.collect({ ...call, prior: { 'resolved-package': [resolved] } })
  if (bundled === undefined) throw new Error('nothing was said')
  const asked = {
    feeds: feeds.map((path) => ({ path })),
    packages: fleetPackages([], [resolved], [bundled]).all,
    hosts: [],
  }
  const look = await ports.intel.lookUp({ ...asked, online: false, at, signal: call.signal })
  const advisories: Seen<'advisories'> = look.state === 'answered' ? { state: 'seen', facts: look.facts } : look
  const seen = { declared: server, resolved, bundled, advisories, registry: notAsked }
  const unseen = { state: 'absent', reason: 'not looked for' } as const
  const scanned = vulnerabilityScanning.assess({
    subject,
    at,
    params: vulnerabilityScanning.params.parse({}),
    seen: {
      ...seen,
      exposure: exposure(),
      source: unseen,
      surface: unseen,
      foreign: unseen,
      proofs: unseen,
      history: unseen,
    },
  })
  const patches = securityPatchAssessment.assess({
    subject,
    at,
    params: securityPatchAssessment.params.parse({}),
    seen: { ...seen, listener: unseen, endpoint: unseen, table: shippedTable, history: remembered() },
  })
  return { resolved, bundled, advisories, scanned, patches, verdict: drawVerdict(scanned, scanned.unknowns) }
}
