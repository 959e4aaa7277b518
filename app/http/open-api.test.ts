import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { fieldsOf } from '../operations/input-shape.ts'
import { operations } from '../operations/table.ts'
import { downloads, exposed } from './exposed.ts'
import { openApi } from './open-api.ts'
import { ownRoutes } from './own-routes.ts'

const table = exposed(operations)

test('a foreign judge finds the description of the API valid', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(openApi(table, '0.0.0'))))
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
})

test('every operation is there once for each of its forms, or is of the terminal; what the door has besides is there too', () => {
  const { paths } = openApi(table, '0.0.0')
  const described = Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0)
  expect(described).toBe(table.length + downloads(operations).length + ownRoutes.length)
  const left = operations.filter(({ id }) => !table.some((one) => one.operation.id === id)).map(({ id }) => id)
  expect(left).toEqual(operations.filter(({ at }) => at === 'terminal').map(({ id }) => id))
})

test('no input of it names a file or a folder of the machine', () => {
  const local = operations.flatMap(({ input }) => fieldsOf(input).filter((field) => field.local))
  expect(local.length).toBeGreaterThan(10)
  const open = [...table, ...downloads(operations)].flatMap(({ input, operation }) =>
    fieldsOf(input).map((field) => ({ ...field, of: operation.id })),
  )
  const names = /^(file|folder|path)$/
  expect(open.filter(({ local: isLocal, valueName }) => isLocal || names.test(valueName))).toEqual([])
})
