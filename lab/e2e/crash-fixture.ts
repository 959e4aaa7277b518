import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'
import {
  approvedChange,
  changingInstallation,
  filesIn,
  filesKept,
  keep,
  names,
  removeKept,
  sameAs,
} from './changed-files.ts'
import { type Ended, type Installation, removeInstallation, upkeep } from './installation.ts'
import { packedProduct } from './packed-product.ts'
import { storedSteps } from './state-database.ts'

/** What killing the installed product takes; without one of these the tests are skipped by name. */
export const canKill = ['script', 'ssh-keygen', 'cmp', 'find'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

/** The installed product, a home, and a change in it: kept as it is once it is approved (`old`) and once it is made (`made`). */
export interface CrashFixture {
  program: string
  installation: Installation
  id: string
  run(...args: string[]): Promise<Ended>
  remove(): void
}

export async function crashFixture(): Promise<CrashFixture> {
  const { program } = await packedProduct()
  const installation = changingInstallation()
  const run = (...args: string[]) => upkeep(installation, args, { command: [program] })
  await run('scan')
  const id = await approvedChange(installation, program)
  keep(installation, 'old')
  expect((await run('fix', '--change', id)).exitCode).toBe(0)
  keep(installation, 'made')
  expect(sameAs(installation, 'old')).toEqual(names.map(() => false))
  const remove = () => {
    removeKept(installation)
    removeInstallation(installation)
  }
  return { program, installation, id, run, remove }
}

/** Each file all of the old or all of the new. */
export function expectWhole(installation: Installation, at: string): void {
  const [old, made] = [sameAs(installation, 'old'), sameAs(installation, 'made')]
  for (const [index, name] of names.entries()) expect(old[index] || made[index], `${name} ${at}`).toBe(true)
}

/** All files as they were when it was kept, and nothing beside them. */
export function expectAll(installation: Installation, label: 'old' | 'made', at: string): void {
  expect(sameAs(installation, label), at).toEqual(names.map(() => true))
  expect(filesIn(installation.home), at).toEqual(filesKept(installation, label))
}

/** What the steps of the change say: how it ended, and that nothing was done twice. */
export function expectClosed(installation: Installation, change: string, outcome: string): void {
  expectOnce(installation, change)
  expect(storedSteps(installation, change).at(-1)).toMatchObject({ is: 'closed', outcome })
}

/** No effect of a change is made twice, or taken back twice. */
export function expectOnce(installation: Installation, change: string): void {
  const steps = storedSteps(installation, change)
  const done = steps.flatMap((step) => (step.is === 'effect-done' ? [step.index] : []))
  const undone = steps.flatMap((step) => (step.is === 'effect-undone' ? [step.index] : []))
  expect(new Set(done).size, change).toBe(done.length)
  expect(new Set(undone).size, change).toBe(undone.length)
}
