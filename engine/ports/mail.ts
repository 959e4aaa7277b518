import { spawn } from 'node:child_process'
import { connect, isIP, type Socket } from 'node:net'
import { createTransport, type SendMailOptions } from 'nodemailer'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { errorCode } from './network-refusal.ts'
import type { Outgoing } from './outgoing.ts'

const timeoutMs = 20_000
const stepMs = 10_000

/** One message, plain text. Header values are of one line, whatever they hold. */
export interface Mail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Its own id and that of its thread, each the part before the `@`. */
  readonly id: string
  readonly thread: string
  /** A calendar message that calendar programs take. */
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly text: string }
}

/** A mail server that takes messages, with its password. */
export interface MailServer {
  readonly host: string
  readonly port: number
  readonly tls: 'starttls' | 'implicit' | 'none'
  readonly login: { readonly user: string; readonly password: string } | null
}

/** What came of handing a message over: null when it was taken. `again`: it may be taken later. */
export type MailRefusal = { readonly says: string; readonly again: boolean } | null

/** Hands a message to the mail program of this machine (`sendmail -t -i` and what stands in for it). */
export async function sendMail(program: string, mail: Mail): Promise<MailRefusal> {
  const message = await new MailComposer({ ...optionsOf(mail), newline: 'unix' }).compile().build()
  const says = await new Promise<string | null>((resolve) => {
    const child = spawn(program, ['-t', '-i'], { stdio: ['pipe', 'ignore', 'ignore'], timeout: timeoutMs })
    child.on('error', () => resolve('the mail program could not be started'))
    child.on('close', (code) => resolve(code === 0 ? null : `the mail program ended with ${code ?? 'a signal'}`))
    // It may be gone before all of it was read: then "close" says so.
    child.stdin.on('error', () => {})
    child.stdin.end(message)
  })
  return says === null ? null : { says, again: true }
}

/**
 * Hands a message to a mail server. Its certificate has to hold; without TLS only where the owner listed the host. However slowly it
 * talks, it is over after `withinMs`.
 */
export async function mailOver(
  server: MailServer,
  mail: Mail,
  outgoing: Outgoing,
  withinMs: number = timeoutMs,
): Promise<MailRefusal> {
  const { host, port, tls } = server
  const found = await outgoing.addressOf(host, port)
  if (found.state === 'unavailable') return { says: found.reason, again: found.code !== 'not-supported' }
  if (tls === 'none' && !found.isInner) return { says: 'mail goes to a public address with TLS only', again: false }
  // What was judged is what is connected to.
  const socket = connect({ host: found.address, port })
  const timer = setTimeout(() => socket.destroy(), withinMs)
  try {
    await opened(socket)
    await transportOn(socket, server).sendMail(optionsOf(mail))
    return null
  } catch (error) {
    return refusalOf(error)
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed')))
  })
}

function transportOn(socket: Socket, { host, port, tls, login }: MailServer) {
  return createTransport({
    connection: socket,
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { servername: isIP(host) === 0 ? host : '' },
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** By its code alone: what a mail server says in words may quote what it was sent. A 5xx will not be another one later. */
function refusalOf(error: unknown): MailRefusal {
  const status = typeof error === 'object' && error !== null && 'responseCode' in error ? error.responseCode : undefined
  if (typeof status === 'number') return { says: `the mail server answered ${status}`, again: status < 500 }
  const code = errorCode(error)
  return { says: `the mail server could not be used${code === '' ? '' : ` (${code})`}`, again: true }
}

function optionsOf({ from, to, subject, text, id, thread, calendar }: Mail): SendMailOptions {
  const idOf = (name: string) => `<${name.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 100)}@mcp-upkeep.invalid>`
  return {
    from: { name: '', address: oneLine(from) },
    to: { name: '', address: oneLine(to) },
    subject: oneLine(subject),
    text,
    messageId: idOf(id),
    inReplyTo: idOf(thread),
    references: idOf(thread),
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(calendar === undefined ? {} : { icalEvent: { method: calendar.method, content: calendar.text } }),
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029\0]+/g, ' ').slice(0, 300)
}
