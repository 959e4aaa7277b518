import { join } from 'node:path'
import { asked, type Exposed, firstDifference, plain, type Twins, table, twins } from '@upkeep/app/http/parity.cases'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What the pages of the console ask with. */
interface Client {
  read(name: string, input: object): Promise<object>
  write(name: string, input: object, events: object): Promise<object>
}

const pages = 'console/src/api/client.ts'
let both: Twins
let client: Client
beforeAll(async () => {
  both = await twins()
  // What a browser has: its own events, and a fetch that knows the page's address, and sends its cookie and origin along.
  Object.assign(globalThis, { addEventListener: () => {} })
  const elsewhere = globalThis.fetch
  globalThis.fetch = (address, options) =>
    typeof address === 'string' && address.startsWith('/')
      ? both.door.ask(address, { ...options, headers: { ...options?.headers, origin: both.door.origin } })
      : elsewhere(address, options)
  client = await import(join(import.meta.dirname, '..', pages))
}, 60_000)
afterAll(() => both.door.stop())

test('the console asks every operation for what the terminal answers', async () => {
  const differing: string[] = []
  for (const one of table)
    for (const input of (asked[one.operation.id] ?? []).filter((given) => one.input.safeParse(given).success)) {
      const [here, there] = [await askedByPage(one, input), await both.askedHere(one, input)]
      if (JSON.stringify(here) !== JSON.stringify(there))
        differing.push(`${one.operation.id} ${JSON.stringify(input)}: ${firstDifference(here, there)}`)
    }
  expect(differing).toEqual([])
}, 120_000)

async function askedByPage({ effect, path, operation }: Exposed, input: Record<string, unknown>): Promise<unknown> {
  const page = operation.pages === undefined || effect !== 'read' ? {} : { count: 500 }
  try {
    const answer = effect === 'read' ? client.read(path, { ...input, ...page }) : client.write(path, input, {})
    const { page: _, ...output } = Object(await answer)
    return plain(output, both.door)
  } catch (error) {
    const { code, message } = Object(error)
    return { code, message: plain(message, both.door) }
  }
}
