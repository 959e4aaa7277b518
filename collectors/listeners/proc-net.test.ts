import { describe, expect, it } from 'vitest'
import { readListening } from './proc-net.ts'

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const line = (local: string, state = '0A', uid = '1000') =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 1 1 0`
const one = (local: string) => readListening(`${head}\n${line(local)}`)[0]

describe('read listening', () => {
  it.each([
    ['0100007F:0BB9', '127.0.0.1', true],
    ['00000000:0BB9', '0.0.0.0', false],
    ['0501A8C0:0BB9', '192.168.1.5', false],
    ['00000000000000000000000000000000:0BB9', '::', false],
    ['00000000000000000000000001000000:0BB9', '::1', true],
    ['0000000000000000FFFF00000100007F:0BB9', '::ffff:127.0.0.1', true],
    ['0000000000000000FFFF00000501A8C0:0BB9', '::ffff:192.168.1.5', false],
    ['B80D0120000000000000000001000000:0BB9', '2001:db8::1', false],
    ['000080FE00000000FF005450B3B2B1FE:0BB9', 'fe80::5054:ff:feb1:b2b3', false],
  ])('%s is %s', (local, address, loopback) => {
    expect(one(local)).toEqual({ address, loopback, port: 3001, uid: 1000 })
  })

  it('passes over connections, and lines of another form', () => {
    const lines = [head, line('0100007F:0BB9', '01'), line('nonsense'), '', line('0100007F:0BB9', '0A', 'x')]
    expect(readListening(lines.join('\n'))).toEqual([])
    expect(readListening('')).toEqual([])
  })
})
