import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Ports } from '@upkeep/contract'
import type { FilesPort } from '@upkeep/contract/ports'
import type { SecretStores } from '@upkeep/engine/ports/secret-stores'
import { keptObjectsIn } from '@upkeep/engine/vault/kept-tarballs'
import type { ActsInput } from './acts-input.ts'
import type { OpenBundles } from './bundles/open-bundles.ts'
import { typedIn } from './credentials/typed-secrets.ts'
import { loginsOf } from './login-acts.ts'

/** The ports of this machine. What reaches the network loads its library only once it is used. */
export async function openPorts(
  input: ActsInput,
): Promise<{ ports: Ports; stores: SecretStores; bundles: OpenBundles['list']; save(): void }> {
  const { stateDir, machine } = input
  const [
    { openFiles },
    { createHttpPort },
    { createMcpPort },
    { openSecrets },
    { openMemory },
    { openAnswers },
    { openIntel },
    { openSandbox },
    { archives },
    { createTlsPort },
    { createLogsPort },
    { createMachinePort },
    { openGateways },
    { openCaptures },
    { openSecretStores },
  ] = await Promise.all([
    import('@upkeep/engine/ports/files'),
    import('@upkeep/engine/ports/http'),
    import('@upkeep/engine/ports/mcp'),
    import('@upkeep/engine/ports/secrets'),
    import('@upkeep/engine/ports/memory'),
    import('@upkeep/engine/ports/kept-answers'),
    import('@upkeep/engine/intel/open-intel'),
    import('@upkeep/engine/sandbox/open-sandbox'),
    import('@upkeep/engine/ports/archives'),
    import('@upkeep/engine/ports/mcp-tls'),
    import('@upkeep/engine/ports/logs'),
    import('@upkeep/engine/ports/machine'),
    import('@upkeep/engine/ports/gateways'),
    import('@upkeep/engine/change/captures'),
    import('@upkeep/engine/ports/secret-stores'),
  ])
  const { files: onDisk, saveCache } = openFiles({ stateDir })
  const { over: files, list: bundles } = await bundlesOver(input, onDisk)
  const typed = (print: string) => typedIn(stateDir).read(print)
  const secrets = openSecrets({ stateDir, env: machine.env, tokenFor: (url) => loginsOf(input).tokenFor(url), typed })
  const { memory, save } = openMemory(join(stateDir, 'cache', 'worked-out.json'))
  const http = createHttpPort()
  const intel = openIntel({ stateDir, http })
  const answers = openAnswers(join(stateDir, 'cache', 'answers'))
  const sandbox = openSandbox({ tempDir: tmpdir(), path: machine.env.PATH ?? '' })
  const mcp = createMcpPort()
  const places = {
    list: () => input.places,
    ownProgram: () => [machine.nodePath, machine.programPath],
    keptObjects: () => keptObjectsIn(stateDir),
  }
  const gateways = openGateways({ http, secrets, places })
  const stores = openSecretStores(machine, { http, fingerprint: secrets.fingerprint })
  const looking = {
    tls: createTlsPort(),
    logs: createLogsPort(),
    machine: createMachinePort(),
    places,
    gateways,
    captures: openCaptures(stateDir),
    secretStores: { look: stores.look, installed: stores.installed },
  }
  const ports = { files, http, mcp, secrets, memory, intel, sandbox, answers, archives, ...looking }
  return {
    ports,
    stores,
    bundles,
    save: () => {
      saveCache()
      save()
    },
  }
}

/** Packed bundles are opened only where the owner names some. */
async function bundlesOver(input: ActsInput, files: FilesPort): Promise<OpenBundles> {
  const { upkeepFile, upkeepFilePath, machine } = input
  if (upkeepFile.bundles.length === 0) return { over: files, list: [] }
  const base = upkeepFilePath === null ? machine.cwd : dirname(upkeepFilePath)
  const { openBundles } = await import('./bundles/open-bundles.ts')
  const named = upkeepFile.bundles.map((path) => resolve(base, path))
  return openBundles(named, files)
}
