import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testProduct } from './product.cases.ts'
import { proof } from './proof.ts'
import { runs } from './runs.ts'
import { scan } from './scan.ts'
import { show } from './show.ts'

const verifier = join(import.meta.dirname, '../../verify/upkeep-verify-proof.mjs')
const style = { width: 80, colour: false, ascii: false, verbose: false }

test('a record is proven to be in the ledger, and what is printed satisfies the stand-alone verifier', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  const first = (await product.run(proof, { id: (await product.run(runs)).output.runs[0]?.id ?? '' })).output
  await product.run(scan)
  const answer = await product.run(proof, { id: first.id, since: first.head?.size ?? 0 })
  expect(answer.output).toMatchObject({ type: 'run', id: first.id, why: null, proof: { index: first.proof?.index } })
  expect(answer.outcome).toBeUndefined()
  expect(answer.output.head?.size).toBeGreaterThan(first.head?.size ?? 0)
  const [file, earlier] = [join(product.home, 'proof.json'), join(product.home, 'earlier.txt')]
  writeFileSync(file, JSON.stringify(answer.output))
  writeFileSync(earlier, first.proof?.checkpoint ?? '')
  const said = execFileSync(process.execPath, [verifier, file, '--checkpoint', earlier], { encoding: 'utf8' })
  expect(said).toMatch(/^valid\n/)
  expect(said).not.toContain('--since')
  expect(answer.text(style)).toContain(`is leaf ${first.proof?.index} of the ledger`)
  expect(answer.text(style)).toContain('node upkeep-verify-proof.mjs proof.json')
})

test('where no proof can be made it says why, and is no pass', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  const [run] = (await product.run(runs)).output.runs
  const object = await product.run(proof, { id: run?.observations ?? '' })
  expect(object.output).toMatchObject({ type: 'object', proof: null, head: null })
  expect(object.output.why).toContain('what is sealed is the record that names it')
  expect(object.outcome).toBe('not-evaluated')
  const late = await product.run(proof, { id: run?.id ?? '', since: 999_999 })
  expect(late.output.why).toContain('cannot grow from one over 999999')
  expect(late.text(style)).toContain(`No proof of run ${run?.id}`)
  await expect(product.run(proof, { id: 'nothing-of-it' })).rejects.toMatchObject({ code: 'not-found' })
  expect((await product.run(show, { id: run?.id ?? '' })).output.type).toBe('run')
})
