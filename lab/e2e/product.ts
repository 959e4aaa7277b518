import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, type Installation, type RunOptions, repository, upkeep } from './installation.ts'

/** Exit codes that say the round was done: nothing found, findings, something could not be evaluated. */
export const doneCodes: readonly (number | null)[] = [0, 1, 3]

/** Runs every adopted duty now. Throws when the round was not done, with what was printed. */
export async function scan(
  installation: Installation,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ended> {
  const result = await upkeep(installation, ['scan', ...args], options)
  if (!doneCodes.includes(result.exitCode)) throw new Error(`scan ended with ${result.exitCode}\n${said(result)}`)
  return result
}

/** Verifies the stored evidence, against earlier checkpoints when given. Exit code 0 only when everything holds. */
export function verify(installation: Installation, earlier: readonly string[] = []): Promise<Ended> {
  return upkeep(installation, ['verify', ...earlier.flatMap((file) => ['--checkpoint', file])])
}

/** Hands the newest checkpoint to a witness: a file. */
export async function exportCheckpoint(installation: Installation): Promise<string> {
  const file = join(installation.root, `checkpoint-${process.hrtime.bigint()}.txt`)
  await succeed(installation, ['checkpoint', 'export', file])
  return file
}

/** Writes an evidence pack and returns its path. */
export async function exportEvidence(installation: Installation): Promise<string> {
  const file = join(installation.root, `pack-${process.hrtime.bigint()}.json`)
  await succeed(installation, ['evidence', 'export', file])
  return file
}

/** Runs the stand-alone verifier on a pack, against earlier checkpoints when given. */
export function verifyAlone(installation: Installation, pack: string, earlier: readonly string[] = []): Promise<Ended> {
  return upkeep(installation, [pack, ...earlier.flatMap((file) => ['--checkpoint', file])], {
    command: [process.execPath, join(repository, 'verify', 'upkeep-verify.mjs')],
  })
}

/** Everything the product can say of what it knows, as text by what it was asked. */
export async function everythingSaid(installation: Installation): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const args of askings) {
    const result = await upkeep(installation, args)
    if (!doneCodes.includes(result.exitCode))
      throw new Error(`${args.join(' ')} ended with ${result.exitCode}\n${said(result)}`)
    texts.set(args.join(' '), result.stdout + result.stderr)
  }
  const files = { html: join(installation.root, 'report.html'), sarif: join(installation.root, 'report.sarif') }
  const scanned = await scan(installation, ['--html', files.html, '--sarif', files.sarif])
  texts.set('scan', scanned.stdout + scanned.stderr)
  for (const [name, path] of Object.entries(files)) texts.set(name, readFileSync(path, 'utf8'))
  texts.set('evidence pack', readFileSync(await exportEvidence(installation), 'utf8'))
  return texts
}

/** The commands that list. */
export const listings = ['servers', 'findings', 'runs', 'duties', 'inbox']
const askings: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--json'],
  ['doctor'],
  ...listings.flatMap((name) => [[name], [name, '--json'], [name, '--csv']]),
]

/** Runs a command that has to succeed. */
export async function succeed(
  installation: Installation,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const result = await upkeep(installation, args, options)
  if (result.exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${result.exitCode}\n${said(result)}`)
  return result
}

export function said({ stdout, stderr }: Ended): string {
  return `${stdout.slice(0, 4_000)}\n${stderr.slice(0, 4_000)}`
}
