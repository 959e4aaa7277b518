import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type {
  Refusal,
  SandboxBackend,
  SandboxPort,
  ServerProbe,
  ServerProbeAttempt,
  ServerUnderTest,
} from '@upkeep/contract'
import { benchFor } from '@upkeep/engine/collect/server-under-test'
import { openSandbox } from '@upkeep/engine/sandbox/open-sandbox'

const sandbox: SandboxPort = openSandbox({
  tempDir: tmpdir(),
  path: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
})

/** How this machine isolates servers, or why it does not: tests that need it are skipped by name then. */
export function sandboxHere(): Promise<SandboxBackend | Refusal> {
  return sandbox.backend()
}

/** The real sandbox of this machine. */
export function labSandbox(): SandboxPort {
  return sandbox
}

/** A package that npm installed into `home`, as a server whose bytes may be started. */
export function packageUnderTest(home: string, name: string): Target {
  const folder = join(home, 'node_modules', name)
  const manifest: { version: string; bin: string | Record<string, string> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const bin = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin)[0]
  const about = { ecosystem: 'npm', name, version: manifest.version }
  return { about, file: join(folder, bin ?? ''), shows: [home] }
}

/** A script of ours, such as a target that is broken on purpose, with the folders that it needs. */
export function scriptUnderTest(file: string, shows: readonly string[]): Target {
  return { about: null, file, shows: [...shows] }
}

export interface Target {
  about: ServerUnderTest['package']
  file: string
  shows: string[]
}

/** Makes one attempt of a probe on a target, in the real sandbox; nothing of it is left running. */
export async function attemptOn(
  target: Target,
  probe: ServerProbe,
  args: readonly string[] = [],
): Promise<ServerProbeAttempt> {
  const digest = '0'.repeat(64)
  const plan = {
    command: digest,
    bytes: digest,
    shown: target.file,
    runtime: 'node' as const,
    file: target.file,
    packages: null,
    args: args.map((text) => ({ text, standIn: false })),
    env: {},
    shows: target.shows,
    folders: [],
  }
  const bench = benchFor({ name: target.file, package: target.about, plan, needs: probe.needs, sandbox })
  try {
    return await probe.attempt(bench.server)
  } finally {
    await bench.clear()
  }
}
