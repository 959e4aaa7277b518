import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CollectFor, type Facts, type Place, type Ports, type Settings, serverSubject } from '@upkeep/contract'
import { noCaptures } from '@upkeep/contract/testing/no-captures'
import { noGateways } from '@upkeep/contract/testing/no-gateways'
import { noSecretStores } from '@upkeep/contract/testing/no-secret-stores'
import { safeUrl } from '@upkeep/domain/redaction/safe-url'
import { openIntel } from '@upkeep/engine/intel/open-intel'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { openAnswers } from '@upkeep/engine/ports/kept-answers'
import { createLogsPort } from '@upkeep/engine/ports/logs'
import { createMachinePort } from '@upkeep/engine/ports/machine'
import { createMcpPort } from '@upkeep/engine/ports/mcp'
import { createTlsPort } from '@upkeep/engine/ports/mcp-tls'
import { openMemory } from '@upkeep/engine/ports/memory'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { openSandbox } from '@upkeep/engine/sandbox/open-sandbox'

/** The real ports of the engine, with a state folder of their own and the given environment. */
export function realPorts(env: Record<string, string> = {}): Ports {
  const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-lab-state-'))
  process.once('exit', () => rmSync(stateDir, { recursive: true, force: true }))
  const http = createHttpPort()
  return {
    archives,
    files: openFiles({ stateDir: null }).files,
    http,
    intel: openIntel({ stateDir, http }),
    mcp: createMcpPort(),
    secrets: openSecrets({ stateDir, env }),
    memory: openMemory(null).memory,
    sandbox: openSandbox({ tempDir: tmpdir(), path: process.env.PATH ?? '' }),
    answers: openAnswers(join(stateDir, 'answers')),
    tls: createTlsPort(),
    logs: createLogsPort(),
    machine: createMachinePort(),
    places: { list: () => [], ownProgram: () => [], keptObjects: () => '' },
    gateways: noGateways,
    captures: noCaptures,
    secretStores: noSecretStores,
  }
}

/** A server as a client's file would declare it by its URL. */
export function declaredUrl(
  url: string,
  ports: Pick<Ports, 'secrets'>,
  over: Partial<Facts<'declared-server'>> = {},
): Facts<'declared-server'> {
  const shown = safeUrl(url, [], ports.secrets.fingerprint)
  return {
    client: 'cursor',
    scope: 'user',
    path: '/home/ada/.cursor/mcp.json',
    name: 'everything',
    project: null,
    transport: 'http',
    command: null,
    args: [],
    env: {},
    url: shown.url,
    urlSecrets: [...shown.secrets],
    headers: {},
    cwd: null,
    disabled: false,
    autoApprove: [],
    launch: { via: 'remote' },
    other: {},
    ...over,
  }
}

export function callFor(server: Facts<'declared-server'>): Extract<CollectFor, { per: 'server' }> {
  const place: Place = {
    id: '/home/ada',
    home: '/home/ada',
    platform: 'linux',
    env: {},
    projects: [],
    machine: true,
    upkeepFile: null,
    uid: null,
  }
  return { per: 'server', subject: serverSubject(server.client, server.path, server.name), place, server }
}

export function settingsWith(over: Partial<Settings> = {}): Settings {
  return {
    probe: [],
    connectToDeclared: false,
    online: false,
    registryUrl: 'https://registry.npmjs.org',
    feeds: { osv: [], registry: [] },
    ...over,
  }
}
