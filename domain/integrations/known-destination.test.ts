import type { Destination } from '@upkeep/contract/observations/integrations'
import { expect, test } from 'vitest'
import { judgeDestination } from './known-destination.ts'

const to = (host: string | null): Destination => ({
  vendor: null,
  title: null,
  host,
  by: 'argument',
  where: 'argument 1',
})

test.each([
  ['declares nothing', '192.0.2.1:443', [], [], 'undeclared'],
  ['declares this address', '192.0.2.1:443', [to('192.0.2.1')], [], 'declared'],
  ['declares another address', '192.0.2.1:443', [to('192.0.2.2')], [], 'undeclared'],
  ['declares a name: names are not looked up', '192.0.2.1:443', [to('api.example.com')], [], 'cannot-tell'],
  ['declares a vendor whose hosts are not told', '192.0.2.1:443', [to(null)], [], 'cannot-tell'],
  ['IPv6 in brackets on one side', '[2001:db8::1]:443', [to('[2001:DB8::1]')], [], 'declared'],
  ['IPv4 in its IPv6 form', '[::ffff:192.0.2.1]:443', [to('192.0.2.1')], [], 'declared'],
  ['loopback, and declares nothing here', '127.0.0.1:9000', [to('api.example.com')], [], 'undeclared'],
  ['loopback, and declares a place here', '127.0.0.1:9000', [], ['localhost'], 'declared'],
  ['asks for a name, and declares nobody', '127.0.0.1:53', [], [], 'undeclared'],
  ['asks for a name, and declares somebody', '127.0.0.1:53', [to('api.example.com')], [], 'cannot-tell'],
] as const)('%s', (_name, address, destinations, onThisMachine, expected) => {
  expect(judgeDestination(address, { destinations: [...destinations], onThisMachine: [...onThisMachine] })).toBe(
    expected,
  )
})
