import { afterAll, beforeAll, expect, test } from 'vitest'
import { doorTools } from '../mcp/tools.ts'
import { operations } from '../operations/table.ts'
import { asked, type Exposed, firstDifference, plain, type Twins, table, twins } from './parity.cases.ts'
import type { Served } from './served.cases.ts'

let overHttp: Served
let both: Twins
beforeAll(async () => {
  both = await twins()
  overHttp = both.door
}, 60_000)
afterAll(async () => {
  await overHttp.stop()
})

test('every operation that a door has is compared', () => {
  expect([...new Set(table.map(({ operation }) => operation.id))].sort()).toEqual(Object.keys(asked).sort())
})

test('the same question and the same order get the same answer over HTTP as at the terminal', async () => {
  const differing: unknown[] = []
  for (const one of table) {
    for (const input of asked[one.operation.id] ?? []) {
      if (!one.input.safeParse(input).success && one.effect === 'read') continue
      const [http, terminal] = [await askedOverHttp(one, input), await both.askedHere(one, input)]
      if (JSON.stringify(http) !== JSON.stringify(terminal))
        differing.push(`${one.operation.id} ${JSON.stringify(input)}: ${firstDifference(http, terminal)}`)
    }
  }
  expect(differing).toEqual([])
}, 120_000)

async function askedOverHttp({ effect, path, operation }: Exposed, input: Record<string, unknown>) {
  const query = new URLSearchParams(Object.entries(input).map(([key, value]) => [key, String(value)]))
  const response =
    effect === 'read'
      ? await overHttp.ask(`/api/v1/${path}?${query}${operation.pages === undefined ? '' : '&count=500'}`)
      : await overHttp.order(`/api/v1/${path}`, input)
  const body = Object(await response.json())
  if (response.status !== 200) return { code: body.code, message: plain(body.title, overHttp) }
  const { page: _, ...output } = body
  return plain(output, overHttp)
}

test('a tool of the MCP door gives what the API gives, for every tool and every question', async () => {
  const differing: unknown[] = []
  const tools = doorTools(operations)
  expect(tools.map(({ one }) => one.operation.id)).toEqual(
    table.filter(({ effect, role }) => effect === 'read' && role === 'viewer').map(({ operation }) => operation.id),
  )
  for (const { one, name } of tools) {
    for (const input of (asked[one.operation.id] ?? []).filter((given) => one.input.safeParse(given).success)) {
      const [tool, http] = [await askedByTool(name, one, input), await askedOverHttp(one, input)]
      if (JSON.stringify(tool) !== JSON.stringify(http))
        differing.push(`${name} ${JSON.stringify(input)}: ${firstDifference(tool, http)}`)
    }
  }
  expect(differing).toEqual([])
}, 120_000)

async function askedByTool(name: string, { operation }: Exposed, input: Record<string, unknown>) {
  const page = operation.pages === undefined ? {} : { count: 500 }
  const params = { name, arguments: { ...input, ...page } }
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
  const response = await overHttp.order('/mcp', message, { accept: 'application/json, text/event-stream' })
  const { result } = JSON.parse((await response.text()).replace(/^[^{]*/, ''))
  if (result.isError === true) {
    const { code, message: said } = JSON.parse(result.content[1].text)
    return { code, message: plain(said, overHttp) }
  }
  const { page: _, ...output } = result.structuredContent
  return plain(output, overHttp)
}
