import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createLogsPort } from './logs.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function watched(name: string) {
  const path = join(folder, name)
  const watch = await createLogsPort().watch(path)
  if (watch.state !== 'watching') throw new Error(watch.reason)
  return { path, watch }
}

describe('logs port', () => {
  it('sees what is appended, whatever its case, and not what was there before', async () => {
    writeFileSync(join(folder, 'a.log'), 'denied delete-all\n')
    const { path, watch } = await watched('a.log')
    expect(await watch.appeared(['delete-all'], 150)).toEqual({ state: 'not-appeared' })
    setTimeout(() => appendFileSync(path, '{"tool":"DELETE-all","outcome":"denied"}\n'), 120)
    expect(await watch.appeared(['delete-all'], 2_000)).toMatchObject({ state: 'appeared' })
  })

  it('finds a text that is written in two pieces', async () => {
    const { path, watch } = await watched('pieces.log')
    setTimeout(() => appendFileSync(path, 'denied dele'), 20)
    setTimeout(() => appendFileSync(path, 'te-all\n'), 320)
    expect(await watch.appeared(['delete-all'], 2_000)).toMatchObject({ state: 'appeared' })
  })

  it('goes on in a file that took the place of the one before', async () => {
    writeFileSync(join(folder, 'turned.log'), 'x'.repeat(500))
    const { path, watch } = await watched('turned.log')
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'denied delete-all\n')
    expect(await watch.appeared(['delete-all'], 1_000)).toMatchObject({ state: 'appeared' })
  })

  it('says so when it cannot look', async () => {
    mkdirSync(join(folder, 'folder.log'))
    expect(await createLogsPort().watch(join(folder, 'folder.log'))).toMatchObject({ code: 'not-a-file' })
    const { path, watch } = await watched('flood.log')
    writeFileSync(path, 'y'.repeat(5 << 20))
    expect(await watch.appeared(['delete-all'], 1_000)).toMatchObject({ code: 'too-large' })
  })
})
