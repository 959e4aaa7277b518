import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { runCommand } from '../fleet/run-command.ts'
import { repository } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'

/** What is published, and the program as `npm install --global` puts it on a machine. */
export interface PackedProduct {
  tarball: string
  program: string
}

/** Packs the product and installs it in a prefix of its own: once per run of the tests, by whichever file needs it first. */
export async function packedProduct(): Promise<PackedProduct> {
  const folder = inject('packed')
  const [tarballs, prefix, end] = ['tarball', 'prefix', 'end'].map((name) => join(folder, name))
  if (tarballs === undefined || prefix === undefined || end === undefined) throw new Error('there is no folder')
  if (isFirst(tarballs)) writeFileSync(end, await packed(tarballs, prefix).catch(String))
  for (let tries = 0; !existsSync(end) && tries < 1_200; tries += 1) await sleep(100)
  const failed = existsSync(end) ? readFileSync(end, 'utf8') : 'it took more than two minutes'
  if (failed !== '') throw new Error(`the product was not packed and installed: ${failed}`)
  return { tarball: tarballIn(tarballs), program: join(prefix, 'bin', 'upkeep') }
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

async function packed(tarballs: string, prefix: string): Promise<string> {
  // Packing builds first.
  await runCommand('npm', ['pack', '--pack-destination', tarballs], repository)
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const words = ['install', '--global', '--prefix', prefix, ...quiet, tarballIn(tarballs)]
  await runCommand('npm', words, tarballs, { ...process.env, ...environmentForNpm() })
  return ''
}

function tarballIn(folder: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm pack wrote no tarball')
  return join(folder, name)
}
