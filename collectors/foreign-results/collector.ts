import { defineCollector, type FilesPort, fleet, type Observation } from '@upkeep/contract'
import type { ForeignResults } from '@upkeep/contract/observations/foreign-results'
import { fleetPackages } from '@upkeep/domain/fleet-packages'
import { looseName } from '@upkeep/domain/foreign-results/loose-name'
import { parseKept } from '@upkeep/domain/foreign-results/parse-kept'

/** What other scanners said of the packages that the fleet has, out of the results that were taken in. */
export const foreignResults = defineCollector({
  id: 'foreign-results',
  version: 1,
  title: 'Results of other scanners',
  sees: ['foreign-results'],
  per: 'fleet',
  reaches: ['files'],
  after: ['declared-server', 'resolved-package', 'bundled-code'],
  timeoutSeconds: 60,
  async collect({ prior, ports, settings }): Promise<Observation<'foreign-results'>[]> {
    const about = { kind: 'foreign-results', subject: fleet } as const
    const folder = settings.foreignResults
    const listed = folder === undefined ? { state: 'absent' as const } : ports.files.list(folder, maxFiles)
    if (listed.state === 'absent') return [{ ...about, state: 'absent', reason: noResults }]
    if (listed.state === 'unavailable') return [{ ...about, ...listed }]
    const files = listed.names.filter((name) => name.endsWith('.json'))
    if (files.length === 0 && !listed.truncated) return [{ ...about, state: 'absent', reason: noResults }]
    const packages = fleetPackages(prior['declared-server'], prior['resolved-package'], prior['bundled-code']).all
    const names = new Set(packages.map(({ name }) => looseName(name)))
    const facts: ForeignResults = { results: [], damaged: [] }
    for (const file of files) take(`${folder}/${file}`, file, { files: ports.files, names, facts })
    if (listed.truncated) facts.damaged.push({ file: 'more', reason: `more than ${maxFiles} results are kept` })
    facts.results.sort((a, b) => (a.name < b.name ? -1 : 1))
    return [{ ...about, state: 'seen', facts }]
  },
})

const noResults = 'no results of another scanner were taken in'
const maxFiles = 500
const maxBytes = 256 << 20

interface Taking {
  files: FilesPort
  /** Names of the packages that the fleet has: what is said of others stays out. */
  names: ReadonlySet<string>
  facts: ForeignResults
}

function take(path: string, file: string, { files, names, facts }: Taking): void {
  const read = files.read(path, maxBytes)
  // Taken out between listing and reading: not there, and nothing is wrong.
  if (read.state === 'absent') return
  if (read.state === 'unavailable') {
    facts.damaged.push({ file, reason: read.reason })
    return
  }
  // Named by their digest: what was altered is not believed.
  const kept = parseKept(new TextDecoder().decode(read.bytes), file)
  if (kept === null) {
    facts.damaged.push({ file, reason: 'it is not what was kept: take the results in again' })
    return
  }
  const reports = kept.reports.filter((report) => names.has(looseName(report.name)))
  facts.results.push({ ...kept, reports, components: kept.components.length })
}
