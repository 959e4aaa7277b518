import { spawn } from 'node:child_process'

const timeoutMs = 20_000

/** One message, plain text. Header values are of one line, whatever they hold. */
export interface Mail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Hands a message to the mail program of this machine (`sendmail -t -i` and what stands in for it). Null when it took it, else why not. */
export function sendMail(program: string, mail: Mail): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, ['-t', '-i'], { stdio: ['pipe', 'ignore', 'ignore'], timeout: timeoutMs })
    child.on('error', () => resolve('the mail program could not be started'))
    child.on('close', (code) => resolve(code === 0 ? null : `the mail program ended with ${code ?? 'a signal'}`))
    // It may be gone before all of it was read: then "close" says so.
    child.stdin.on('error', () => {})
    child.stdin.end(messageOf(mail))
  })
}

function messageOf({ from, to, subject, text }: Mail): string {
  const head = [
    `From: ${oneLine(from)}`,
    `To: ${oneLine(to)}`,
    `Subject: =?utf-8?B?${Buffer.from(oneLine(subject)).toString('base64')}?=`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ]
  return `${head.join('\n')}\n\n${(
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n')}\n`
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').slice(0, 200)
}
