import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { decide, type Installation, newInstallation, upkeep, writeFiles } from './installation.ts'
import { said } from './product.ts'

const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_')
const text = (name: string) => ({ command: 'npx', args: ['-y', 'gh@1.0.0'], env: { [name]: token } })

/** Files of three clients, with comments, mixed line endings and a secret: moving it alters each of them, and makes a file for each. */
const texts = {
  '.cursor/mcp.json': `{\r\n  "mcpServers": { "gh": ${JSON.stringify(text('GH_TOKEN'))},\n "n": {} }\r\n}`,
  '.codex/config.toml': `# mine\n[mcp_servers.gh] # old\ncommand = "npx"\nargs = ["-y", "gh@1.0.0"]\nenv = { GH_TOKEN = "${token}" }\n`,
  '.config/Code/User/mcp.json': `{ "servers": { // mine\n  "gh": ${JSON.stringify(text('GH_TOKEN'))} } }\n`,
}
const secretFiles = ['cursor', 'codex', 'vscode'].map((client) => `.config/upkeep/secrets/${client}.gh.GH_TOKEN`)
/** The change makes this one before it touches the others. */
export const firstWritten = '.config/upkeep/secrets/cursor.gh.GH_TOKEN'
export const names = [...Object.keys(texts), ...secretFiles]

export function changingInstallation(): Installation {
  const installation = newInstallation()
  writeFiles(installation.home, texts)
  for (const name of Object.keys(texts)) execFileSync('chmod', ['640', join(installation.home, name)])
  return installation
}

const fixing = ['fix', 'gh', '--move-secrets', '--reason', 'No secret shall lie in a file that others read.']

/** What a person types to have the secret moved. */
export const fixWords: readonly string[] = fixing

/** Proposes the change and approves it at a terminal, with a key; returns its id. */
export async function approvedChange(installation: Installation, program: string): Promise<string> {
  const asked = await upkeep(installation, fixing, { command: [program] })
  const id = /upkeep approve ([0-9a-f-]{36})/.exec(asked.stderr)?.[1]
  if (id === undefined) throw new Error(said(asked))
  const { code, screen } = await decide(installation, ['approve', id], { product: [program] })
  if (code !== 0) throw new Error(screen)
  return id
}

function keptFolder({ root }: Installation, label: string): string {
  return `${root}-kept/${label}`
}

/** Copies everything that an installation holds, under a name. */
export function keep(installation: Installation, label: string): void {
  const folder = keptFolder(installation, label)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  execFileSync('cp', ['-a', installation.home, join(folder, 'home')])
  execFileSync('cp', ['-a', installation.stateDir, join(folder, 'state')])
}

/** Puts an installation back as it was when it was kept. */
export function putBack(installation: Installation, label: string): void {
  const parts = [
    ['home', installation.home],
    ['state', installation.stateDir],
  ] as const
  for (const [name, folder] of parts) {
    rmSync(folder, { recursive: true, force: true })
    execFileSync('cp', ['-a', join(keptFolder(installation, label), name), folder])
  }
}

export function removeKept(installation: Installation): void {
  rmSync(`${installation.root}-kept`, { recursive: true, force: true })
}

/** For each name: `cmp` says of every byte, `stat` of mode and owner, whether it is as in the other folder; neither is ours. */
const comparing = `now=$1; then=$2; shift 2
for name; do
  if [ ! -e "$now/$name" ] && [ ! -e "$then/$name" ]; then echo same
  elif cmp -s "$now/$name" "$then/$name" && [ "$(stat -c %a:%u:%g "$now/$name")" = "$(stat -c %a:%u:%g "$then/$name")" ]; then echo same
  else echo other; fi
done`

/** Which of the files are as they were when it was kept, by the words of other programs. */
export function sameAs(installation: Installation, label: string, files: readonly string[] = names): boolean[] {
  const then = join(keptFolder(installation, label), 'home')
  const said = execFileSync('sh', ['-c', comparing, 'sh', installation.home, then, ...files], { encoding: 'utf8' })
  return said
    .trim()
    .split('\n')
    .map((word) => word === 'same')
}

/** What lies in the home, file for file, as `find` lists it: nothing of ours may lie beside. */
export function filesIn(folder: string): string[] {
  return execFileSync('find', [folder, '!', '-type', 'd', '-printf', '%P\n'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .sort()
}

/** The files that lay in the home when it was kept. */
export function filesKept(installation: Installation, label: string): string[] {
  return filesIn(join(keptFolder(installation, label), 'home'))
}
