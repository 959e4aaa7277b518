import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail server on this machine that keeps what it takes. */
export interface Mailbox {
  readonly port: number
  readonly mails: (Omit<Email, 'to'> & { readonly raw: string; readonly to: readonly string[] })[]
  /** The status with which the next messages are refused; 0 takes them. */
  refuse(status: number): void
  close(): Promise<void>
}

/** Opens it on loopback: with this key and certificate, or without TLS; with a user and password where they are given. */
export async function openMailbox({
  tls,
  login,
  implicit = false,
}: {
  tls?: { key: Buffer; cert: Buffer } | undefined
  login?: { user: string; password: string }
  /** TLS from the first byte on. */
  implicit?: boolean
} = {}): Promise<Mailbox> {
  const mails: Mailbox['mails'] = []
  let refused = 0
  const server = new SMTPServer({
    secure: implicit,
    authOptional: login === undefined,
    allowInsecureAuth: false,
    ...(tls ?? {}),
    disabledCommands: tls === undefined ? ['STARTTLS'] : [],
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(new Error('wrong user or password')),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => void keep(Buffer.concat(parts).toString(), session.envelope.rcptTo).then(done, done))
    },
  })
  async function keep(raw: string, to: readonly { address: string }[]): Promise<Error | null> {
    if (refused !== 0) return Object.assign(new Error('not taken'), { responseCode: refused })
    mails.push({ ...(await PostalMime.parse(raw)), raw, to: to.map(({ address }) => address) })
    return null
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.on('error', reject)
    const listener = server.listen(0, '127.0.0.1', () => {
      const address = listener.address()
      if (address !== null && typeof address === 'object') resolve(address.port)
    })
  })
  server.on('error', () => {})
  return {
    port,
    mails,
    refuse: (status) => {
      refused = status
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
