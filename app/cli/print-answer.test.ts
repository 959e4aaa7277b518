import { expect, test } from 'vitest'
import { baselineShow } from '../operations/baseline-show.ts'
import { doctor } from '../operations/doctor.ts'
import { duties } from '../operations/duties.ts'
import { findings } from '../operations/findings.ts'
import { testProduct } from '../operations/product.cases.ts'
import { publishedOutput } from '../operations/run-operation.ts'
import { runs } from '../operations/runs.ts'
import { scan } from '../operations/scan.ts'
import { servers } from '../operations/servers.ts'
import { status } from '../operations/status.ts'
import { answerText } from './print-answer.ts'

const style = { width: 80, colour: false, ascii: false, verbose: false }

test('under a simulated clock every page and every export says so', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  for (const operation of [status, findings, servers, runs, duties, doctor, baselineShow]) {
    const answer = await product.run<typeof operation.input, typeof operation.output>(operation)
    expect(answerText(answer, { json: false, csv: false, style }), operation.id).toContain('SIMULATED CLOCK')
    if (answer.table === undefined) continue
    const [head = '', ...rows] = answerText(answer, { json: false, csv: true, style }).trimEnd().split('\r\n')
    expect(head.endsWith(',stamp')).toBe(true)
    for (const row of rows) expect(row).toContain('SIMULATED CLOCK')
  }
})

test('data carries the stamps as its published schema says', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  const schema = publishedOutput(servers)
  const answer = await product.run(servers)
  expect(schema.safeParse({ ...answer.output, stamps: answer.stamps }).success).toBe(true)
  expect(answer.stamps).toEqual(['SIMULATED CLOCK: the dates here are not real'])
})

test('what is no list has no table', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  const answer = await product.run(status)
  expect(() => answerText(answer, { json: false, csv: true, style })).toThrow(/not a list/)
})
