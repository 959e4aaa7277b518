import { defineCollector, type Facts, type Seen } from '@upkeep/contract'
import type { ImagePorts } from '@upkeep/domain/images/read-image'
import { describeCopy } from './describe-copy.ts'
import { describeImage } from './describe-image.ts'
import { findRuntimes } from './find-runtimes.ts'

/** Licences, install scripts, stated Node versions and npm's own record of each package in the trees that an entry could start. Starts nothing. */
export const dependencyHealth = defineCollector({
  id: 'dependency-health',
  version: 1,
  title: 'Health of installed packages',
  sees: ['dependency-health'],
  per: 'server',
  reaches: ['files', 'memory', 'archives'],
  after: ['resolved-package'],
  timeoutSeconds: 120,
  async collect({ for: { subject, place, server }, prior, ports, settings }) {
    const [resolved] = prior['resolved-package']
    return [{ kind: 'dependency-health', subject, ...look() }]

    function look(): Seen<'dependency-health'> {
      if (resolved === undefined) return unavailable('no copy of it was looked for')
      if (resolved.state !== 'seen') return resolvedOtherwise(resolved)
      const { ecosystem, installed, wouldRun, name } = resolved.facts
      if (ecosystem === 'oci') return imageHealth(ports, resolved.facts)
      if (ecosystem === 'PyPI') return unavailable('trees of Python packages are not read for this')
      const kept = settings.keptObjects
      const comparison = kept === undefined ? null : { ...ports, kept }
      const copies = installed.map((copy, index) =>
        describeCopy(ports.files, copy, { name, wouldRun: wouldRun === index }, comparison),
      )
      return { state: 'seen', facts: { copies, ...findRuntimes(ports.files, place, server) } }
    }
  },
})

/** Of an image whose archive is at hand; without one there is nothing to read. */
function imageHealth(
  ports: ImagePorts,
  { installed, wouldRun, why }: Facts<'resolved-package'>,
): Seen<'dependency-health'> {
  const [copy] = installed
  if (copy === undefined) return unavailable(why)
  const health = describeImage(ports, copy, wouldRun === 0)
  return 'state' in health ? health : { state: 'seen', facts: health }
}

/** What was not found cannot be described; why stands in the observation that this one builds on. */
function resolvedOtherwise(
  resolved: { state: 'absent'; reason: string } | Extract<Seen<'resolved-package'>, { state: 'unavailable' }>,
): Seen<'dependency-health'> {
  const { state, reason } = resolved
  return state === 'absent' ? { state, reason } : { state, code: resolved.code, reason }
}

function unavailable(reason: string): Seen<'dependency-health'> & { facts?: Facts<'dependency-health'> } {
  return { state: 'unavailable', code: 'not-supported', reason }
}
