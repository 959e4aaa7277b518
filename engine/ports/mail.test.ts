import { createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { openMailbox } from '@upkeep/lab/servers/mailbox'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
import { expect, test } from 'vitest'
import { type MailServer, mailOver } from './mail.ts'
import { openOutgoing } from './outgoing.ts'

const identity = selfSigned()
const outgoing = openOutgoing(['127.0.0.1'])
const server = (port: number, over: Partial<MailServer> = {}): MailServer => ({
  ...{ host: '127.0.0.1', port, tls: 'none', login: null },
  ...over,
})
const mail = {
  from: 'upkeep@example.org',
  to: 'ops@example.org',
  subject: 'fs\r\nBcc: all@example.org',
  text: 'one line\n.\nand another\r\n.\r\nQUIT\r\n',
  id: '01a2\r\nX-Injected: 1',
  thread: 'alarm <x>@y',
}

test('whatever a message holds, it is one message to one recipient, with no header of its own making', async () => {
  const mailbox = await openMailbox()
  expect(await mailOver(server(mailbox.port), mail, outgoing)).toBeNull()
  await mailbox.close()
  expect(mailbox.mails).toHaveLength(1)
  const [taken] = mailbox.mails
  expect(taken?.to).toEqual(['ops@example.org'])
  expect(taken?.subject).toBe('fs Bcc: all@example.org')
  expect(taken?.headers.map(({ key }) => key)).not.toContain('bcc')
  expect(taken?.headers.map(({ key }) => key)).not.toContain('x-injected')
  expect(taken?.text?.replaceAll('\r\n', '\n').trim()).toBe('one line\n.\nand another\n.\nQUIT')
  expect(taken?.messageId).toMatch(/^<[\w.-]+@mcp-upkeep\.invalid>$/)
})

test.skipIf(identity === null).each(['starttls', 'implicit'] as const)(
  '%s takes a certificate that holds (needs openssl)',
  async (tls) => {
    const login = { user: 'upkeep', password: 'of the test' }
    const mailbox = await openMailbox({ tls: identity ?? undefined, login, implicit: tls === 'implicit' })
    const before = getCACertificates('default')
    try {
      expect(await mailOver(server(mailbox.port, { tls, login }), mail, outgoing)).toMatchObject({ again: true })
      setDefaultCACertificates([...before, String(identity?.cert)])
      expect(await mailOver(server(mailbox.port, { tls, login }), mail, outgoing)).toBeNull()
      const wrong = { ...login, password: 'another' }
      expect(await mailOver(server(mailbox.port, { tls, login: wrong }), mail, outgoing)).toEqual({
        says: 'the mail server answered 535',
        again: false,
      })
    } finally {
      setDefaultCACertificates(before)
      await mailbox.close()
    }
    expect(mailbox.mails).toHaveLength(1)
  },
)

test('a server that offers no TLS gets no message that is to go over TLS', async () => {
  const mailbox = await openMailbox()
  expect(await mailOver(server(mailbox.port, { tls: 'starttls' }), mail, outgoing)).not.toBeNull()
  expect(mailbox.mails).toEqual([])
  await mailbox.close()
})

test('one that talks a sign at a time is left in the end, and an inner one that nobody listed is not connected to', async () => {
  let connections = 0
  const slow = createServer((socket) => {
    connections += 1
    const drip = setInterval(() => socket.write('2'), 50)
    socket.on('error', () => {})
    socket.on('close', () => clearInterval(drip))
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  const address = slow.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const began = performance.now()
  expect(await mailOver(server(port), mail, outgoing, 600)).toMatchObject({ again: true })
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(await mailOver(server(port), mail, openOutgoing([]))).toEqual({
    says: 'the address is not a public one',
    again: false,
  })
  expect(connections).toBe(1)
  await new Promise((resolve) => slow.close(resolve))
})
