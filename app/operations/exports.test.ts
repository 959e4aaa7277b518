import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitNotes } from '@upkeep/domain/checkpoint'
import { readUpkeepFile } from '@upkeep/engine/kernel/upkeep-file'
import { describe, expect, test } from 'vitest'
import { checkpointExport } from './checkpoint-export.ts'
import { evidenceExport } from './evidence-export.ts'
import { init } from './init.ts'
import { testProduct } from './product.cases.ts'
import { profile } from './profile.ts'
import { scan } from './scan.ts'
import { show } from './show.ts'
import { verify } from './verify.ts'

async function scanned() {
  const product = testProduct()
  product.declare({ one: 'read' })
  return { product, first: await product.run(scan) }
}

const verifier = join(import.meta.dirname, '../../verify/upkeep-verify.mjs')

describe('what leaves the house', () => {
  test('an evidence pack satisfies the stand-alone verifier, and an existing file is left alone', async () => {
    const { product } = await scanned()
    const { output } = await product.run(evidenceExport, { file: 'pack.json' })
    expect(statSync(output.file).size).toBe(output.bytes)
    expect(statSync(output.file).mode & 0o777).toBe(0o600)
    execFileSync(process.execPath, [verifier, output.file], { stdio: 'pipe' })
    await expect(product.run(evidenceExport, { file: 'pack.json' })).rejects.toMatchObject({ code: 'config-exists' })
    expect(statSync(output.file).size).toBe(output.bytes)
  })

  test('a witness file holds each checkpoint once, and the ledger is held against it', async () => {
    const { product } = await scanned()
    const to = join(product.home, 'witness.txt')
    expect((await product.run(checkpointExport, { to })).output.added).toBe(true)
    expect((await product.run(checkpointExport, { to })).output.added).toBe(false)
    product.clock.advance(60)
    await product.run(scan)
    expect((await product.run(checkpointExport, { to })).output.added).toBe(true)
    expect(splitNotes(readFileSync(to, 'utf8'))).toHaveLength(2)
    const held = await product.run(verify, { checkpoint: [to] })
    expect(held.output.evidence).toMatchObject({ valid: true, earlier: 2 })
  })

  test('a repository gets one commit per checkpoint, and its hooks do not run', async () => {
    const { product } = await scanned()
    const folder = join(product.home, 'witness')
    mkdirSync(folder)
    const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8' })
    git('init', '-q')
    git('config', 'user.email', 'a@example.org')
    git('config', 'user.name', 'a')
    const ran = join(folder, 'hook-ran')
    writeFileSync(join(folder, '.git/hooks/pre-commit'), `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 })
    await product.run(checkpointExport, { to: 'git:witness' })
    await product.run(checkpointExport, { to: 'git:witness' })
    expect(git('log', '--oneline').trim().split('\n')).toHaveLength(1)
    expect(git('status', '--porcelain', '--untracked-files=no')).toBe('')
    expect(existsSync(ran)).toBe(false)
  })

  test('a witness that is no plain file is refused, and so is a host that is none', async () => {
    const { product } = await scanned()
    writeFileSync(join(product.home, 'other.txt'), 'mine\n')
    symlinkSync(join(product.home, 'other.txt'), join(product.home, 'link.txt'))
    execFileSync('mkfifo', [join(product.home, 'pipe')])
    for (const to of ['link.txt', 'pipe', 'missing/folder.txt', 'git:nowhere']) {
      await expect(product.run(checkpointExport, { to })).rejects.toMatchObject({ code: 'witness-unwritable' })
    }
    for (const to of ['ssh:-oProxyCommand=evil:x', 'ssh:host:$(evil)', 'ssh:host']) {
      await expect(product.run(checkpointExport, { to })).rejects.toMatchObject({ code: 'bad-input' })
    }
    expect(readFileSync(join(product.home, 'other.txt'), 'utf8')).toBe('mine\n')
    expect(lstatSync(join(product.home, 'link.txt')).isSymbolicLink()).toBe(true)
  })

  test('any record or object is shown by its id, or the beginning of its digest', async () => {
    const { product, first } = await scanned()
    const run = first.output.report.verdicts[0]?.run ?? ''
    const record = await product.run(show, { id: run })
    expect(record.output).toMatchObject({ type: 'run', id: run })
    const digest = String(Object(record.output.body).observations)
    expect((await product.run(show, { id: digest.slice(0, 16) })).output).toMatchObject({ type: 'object', id: digest })
    await expect(product.run(show, { id: 'ffffffffffff' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('settings', () => {
  test('what init writes is read back with every default, and is never written twice', async () => {
    const product = testProduct()
    const { output } = await product.run(init)
    expect(readUpkeepFile(output.file)).toMatchObject({ version: 1, profile: 'solo', probe: [], people: [] })
    expect(readFileSync(output.file, 'utf8')).toContain(`$schema=${output.schema}`)
    expect(JSON.parse(readFileSync(output.schema, 'utf8')).additionalProperties).toBe(false)
    await expect(product.run(init)).rejects.toMatchObject({ code: 'config-exists' })
  })

  test('a profile is kept beside the state, and a file that sets one counts', async () => {
    const product = testProduct()
    expect((await product.run(profile)).output).toMatchObject({ profile: 'solo', from: 'default' })
    await product.run(profile, { profile: 'team' })
    expect((await product.run(profile)).output).toMatchObject({ profile: 'team', from: 'settings' })
    product.write('upkeep.yaml', 'version: 1\nprofile: solo\n')
    await expect(product.run(profile, { profile: 'team' })).rejects.toMatchObject({ code: 'bad-input' })
  })
})
