import { defineCollector } from '@upkeep/contract/collector'
import type { Observation } from '@upkeep/contract/observation'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { resolveImage } from './image.ts'
import { resolveBinary, resolveScript } from './node-script.ts'
import { resolveNpx } from './npx.ts'
import { notSupported, type Outcome } from './outcome.ts'
import { resolvePnpmDlx } from './pnpm-dlx.ts'
import { resolvePythonTool } from './python-tools.ts'
import type { Search } from './search.ts'

type Launch = DeclaredServer['launch']
type Container = Extract<Launch, { via: 'docker' | 'podman' }>

/** What a declared entry comes to on this machine: which copies are installed, of which versions, with which bytes. Starts nothing. */
export const resolvedPackages = defineCollector({
  id: 'resolved-packages',
  version: 1,
  title: 'Installed packages behind each entry',
  sees: ['resolved-package'],
  per: 'server',
  reaches: ['files', 'memory', 'archives'],
  after: [],
  timeoutSeconds: 120,
  async collect({ for: { subject, place, server }, ports, settings }) {
    const { launch } = server
    const seen =
      place.gateway !== undefined && launch.via !== 'remote'
        ? notSupported('it runs where its gateway runs: what is installed there is not looked at')
        : isContainer(launch)
          ? resolveImage(launch, { ...ports, images: settings.images })
          : resolve({ ...ports, place, server, blocked: [] }, launch)
    const observation: Observation<'resolved-package'> = { kind: 'resolved-package', subject, ...seen }
    return [observation]
  },
})

function isContainer(launch: Launch): launch is Container {
  return launch.via === 'docker' || launch.via === 'podman'
}

function resolve(search: Search, launch: Exclude<Launch, Container>): Outcome | { state: 'absent'; reason: string } {
  switch (launch.via) {
    case 'npx':
    case 'npm-exec':
      return resolveNpx(search, launch)
    case 'pnpm-dlx':
      return resolvePnpmDlx(search, launch)
    case 'bunx':
      return notSupported('where bunx keeps what it installs is not looked at')
    case 'yarn-dlx':
      return { state: 'absent', reason: 'yarn dlx installs anew at each start and keeps nothing' }
    case 'uvx':
    case 'pipx':
      return resolvePythonTool(search, { ...launch, via: launch.via })
    case 'binary':
      return resolveBinary(search, launch.file)
    case 'shell':
      return notSupported('it is started through a shell: what that runs is not known')
    case 'remote':
      return { state: 'absent', reason: 'it is reached by URL: nothing is installed here' }
    case 'unknown':
      return notSupported('what the entry launches could not be told')
    default:
      return resolveScript(search, launch)
  }
}
