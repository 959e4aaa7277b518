import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { UserError } from '@upkeep/contract/errors'
import { sha256 } from '../kernel/sha256.ts'

const timeoutMs = 120_000
const mostOutput = 2_000

/** A program that the owner named, as it was when its use was approved, and the homes that it is asked about. */
export interface OwnerCheck {
  readonly program: string
  readonly checkDigest: string | null
  readonly homes: readonly string[]
}

/** The SHA-256 of a program that is to be run later. Throws UserError `bad-input` where it cannot be read. */
export function fileDigest(path: string): string {
  try {
    return sha256(readFileSync(path))
  } catch {
    throw new UserError(
      'bad-input',
      `The check ${path} cannot be read.`,
      'Name a program that is there, under "rings".',
    )
  }
}

/** Runs the owner's program, which says by its exit code whether something went well. Null when it did, else why not. */
export async function ownerCheck(
  { program, checkDigest, homes }: OwnerCheck,
  signal: AbortSignal,
): Promise<string | null> {
  if (fileDigest(program) !== checkDigest) return 'the check is another program than the one that was approved'
  return new Promise((resolve) => {
    const child = spawn(program, [...homes], { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, signal })
    let said = ''
    const hear = (part: Buffer) => {
      said = `${said}${part.toString('utf8')}`.slice(-mostOutput)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', () => resolve('the check could not be run'))
    child.on('close', (code) => {
      const last = said.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
      resolve(code === 0 ? null : `the check ended with ${code ?? 'a signal'}${last === '' ? '' : `: ${last}`}`)
    })
  })
}
