import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MaintenanceEnvelope, MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { sandboxHere } from '../servers/under-test.ts'
import { decide, type Installation, newInstallation, removeInstallation, repository, upkeep } from './installation.ts'

const isolates = !('state' in (await sandboxHere()))
const verifier = join(repository, 'verify/upkeep-verify-contract.mjs')
const Said = z.looseObject({
  answer: z.string(),
  reasons: z.array(z.looseObject({ code: z.string() })),
  key: z.string(),
})

describe.skipIf(!isolates)(
  isolates ? 'a maintenance contract' : 'a maintenance contract (skipped: no sandbox here)',
  () => {
    let publisher: Installation
    let user: Installation
    const file = (name: string) => join(publisher.root, `${name}.json`)
    beforeAll(async () => {
      publisher = newInstallation(inject('fleet').home)
      user = newInstallation()
      for (const name of ['fs', 'root_files']) await upkeep(publisher, ['accept', name, '--run'])
      await upkeep(publisher, ['prove', 'fs', 'root_files'])
      for (const name of ['fs', 'root_files'])
        expect(await upkeep(publisher, ['contract', 'publish', name, '--out', file(name)])).toMatchObject({
          exitCode: 0,
        })
    })
    afterAll(() => {
      removeInstallation(publisher)
      removeInstallation(user)
    })

    function statementIn(name: string) {
      const { payload } = MaintenanceEnvelope.parse(JSON.parse(readFileSync(file(name), 'utf8')))
      return MaintenanceStatement.parse(JSON.parse(Buffer.from(payload, 'base64').toString()))
    }

    async function checked(name: string) {
      const { stdout, exitCode } = await upkeep(user, ['--json', 'contract', 'check', file(name)])
      const { answer, reasons, key } = Said.parse(JSON.parse(stdout))
      return { exitCode, answer, codes: reasons.map(({ code }) => code), key }
    }

    test('says what was proven on real servers: on the old one the attack worked, on the newer one it did not', () => {
      const verdict = (name: string) =>
        statementIn(name).predicate.controls.find(({ probe }) => probe === 'filesystem-prefix-sibling')?.verdict
      expect(verdict('fs')).toBe('fail')
      expect(verdict('root_files')).toBe('pass')
      expect(statementIn('fs').subject[0]).toMatchObject({
        uri: 'pkg:npm/%40modelcontextprotocol/server-filesystem',
        digest: { upkeepTree: expect.stringMatching(/^[0-9a-f]{64}$/) },
      })
    })

    test('says nothing to who trusts nobody, and refuses the old server once a person at a terminal let its key count', async () => {
      expect(await checked('fs')).toMatchObject({ exitCode: 3, answer: 'unknown', codes: ['key-not-trusted'] })
      const done = await decide(user, ['contract', 'check', file('fs'), '--trust'])
      expect(done.screen).toContain('Attacks on it worked')
      const after = await checked('fs')
      expect(after).toMatchObject({ exitCode: 1, answer: 'refuse' })
      expect(after.codes).toContain('control-broken')
    })

    test('holds in the eyes of the stand-alone verifier, with the key of the ledger', async () => {
      const { key } = await checked('fs')
      const verified = (...words: string[]) =>
        spawnSync(process.execPath, [verifier, file('fs'), ...words], { encoding: 'utf8' })
      expect(verified('--key', key)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^valid\n/) })
      expect(verified('--key', key, '--at', '2099-01-01T00:00:00.000Z').status).toBe(1)
      expect((await upkeep(publisher, ['verify'])).exitCode).toBe(0)
    })
  },
)
