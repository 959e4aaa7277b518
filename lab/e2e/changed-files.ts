import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Installation, newInstallation, upkeep, writeFiles } from './installation.ts'
import { said } from './product.ts'

export const driver = join(import.meta.dirname, 'change-driver.ts')
const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_')

/** Files of three clients, with comments, mixed line endings and a secret, and a change that writes, makes and takes away. */
const texts = {
  '.cursor/mcp.json': `{\r\n  "mcpServers": { "gh": { "command": "npx", "args": ["-y", "gh@1.0.0"],\n "env": { "GH_TOKEN": "${token}" } } }\r\n}`,
  '.codex/config.toml': '# mine\n[mcp_servers.fs] # old\ncommand = "npx"\nargs = ["-y", "fs@1.0.0", "/"]\n',
  '.vscode/mcp.json': '{"servers": {"open": {"command": "npx", "args": ["open@1.0.0"]}}}\n',
}
const secretFile = '.config/upkeep/secrets/cursor.gh.GH_TOKEN'
export const names = [...Object.keys(texts), secretFile]

export function changingInstallation(): Installation {
  const installation = newInstallation()
  writeFiles(installation.home, texts)
  chmodSync(join(installation.home, '.vscode/mcp.json'), 0o640)
  writeFiles(installation.root, { 'inputs.json': JSON.stringify(inputsIn(installation.home)) })
  return installation
}

function inputsIn(home: string): unknown[] {
  const path = (name: string) => join(home, name)
  return [
    {
      kind: 'move-secret',
      path: path('.cursor/mcp.json'),
      server: 'gh',
      secret: { in: 'env', name: 'GH_TOKEN' },
      to: { store: 'file' },
    },
    {
      kind: 'set-server-args',
      path: path('.codex/config.toml'),
      server: 'fs',
      changes: [{ kind: 'replace', index: 2, from: '/', to: '/srv' }],
    },
    { kind: 'set-file-mode', path: path('.vscode/mcp.json'), from: '0640', to: '0600' },
  ]
}

/** The digest and mode of each file, as other programs see them. */
export function seen({ home }: Installation): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, seenAt(join(home, name))]))
}

function seenAt(path: string): string {
  if (!existsSync(path)) return 'absent'
  const digest = execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64)
  return `${(statSync(path).mode & 0o777).toString(8)} ${digest}`
}

/** Proposes and approves the change, and returns its id. */
export async function proposed(installation: Installation): Promise<string> {
  const { stdout, ...rest } = await upkeep(installation, ['propose', join(installation.root, 'inputs.json')], {
    command: [process.execPath, driver],
  })
  const id = stdout.trim()
  if (rest.exitCode !== 0 || id === '') throw new Error(said({ stdout, ...rest }))
  return id
}

/** A copy of everything that an installation holds, put back as often as it is wanted. */
export function keep(installation: Installation): () => void {
  const kept = `${installation.root}-kept`
  const parts = [installation.home, installation.stateDir]
  const copy = (from: string, to: string) => execFileSync('cp', ['-a', from, to])
  mkdirSync(kept)
  for (const [index, part] of parts.entries()) copy(part, join(kept, String(index)))
  return () => {
    for (const [index, part] of parts.entries()) {
      rmSync(part, { recursive: true, force: true })
      copy(join(kept, String(index)), part)
    }
  }
}
