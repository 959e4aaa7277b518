import { afterEach, expect, test, vi } from 'vitest'
import { loadSqlite } from './load-sqlite.ts'

const emit = process.emitWarning
afterEach(() => {
  process.emitWarning = emit
  vi.restoreAllMocks()
})

/** Stands for a Node that warns while the module loads, and for anything else that warns then. */
function warnWhileLoading(warnings: readonly (string | Error)[]): string[] {
  const passed: string[] = []
  process.emitWarning = (warning: string | Error) => {
    passed.push(String(warning))
  }
  const load = process.getBuiltinModule
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((id: string) => {
    for (const warning of warnings) process.emitWarning(warning, 'ExperimentalWarning')
    return Reflect.apply(load, process, [id])
  })
  expect(loadSqlite().DatabaseSync).toBeTypeOf('function')
  return passed
}

test('the one warning about SQLite is kept back, others pass', () => {
  const notice = 'SQLite is an experimental feature and might change at any time'
  expect(warnWhileLoading([notice, new Error(notice), 'something else'])).toEqual(['something else'])
})

test('afterwards warnings go where they went before', () => {
  const passed = warnWhileLoading([])
  process.emitWarning('SQLite is an experimental feature and might change at any time')
  expect(passed).toHaveLength(1)
})
