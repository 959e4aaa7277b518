import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './installation.ts'

export const readme = join(repository, 'README.md')

/** A command in the README with what the page says it prints. */
export interface Session {
  name: string
  command: string
  printed: string
}

const block = /<!-- session: (\w+) -->\n```console\n\$ ([^\n]+)\n([\s\S]*?)```/g

/** The sessions that the README shows. */
export function readmeSessions(): Session[] {
  return [...readFileSync(readme, 'utf8').matchAll(block)].map(([, name = '', command = '', printed = '']) => ({
    name,
    command,
    printed,
  }))
}

/** The README with other output under one command. */
export function withOutput(text: string, name: string, printed: string): string {
  return text.replaceAll(block, (whole, itsName: string, command: string) =>
    itsName === name ? `<!-- session: ${name} -->\n\`\`\`console\n$ ${command}\n${printed}\`\`\`` : whole,
  )
}

/** Output as a reader sees it on a machine of their own: the state in its usual place. */
export function inItsUsualPlace(printed: string, stateDir: string): string {
  return printed.replaceAll(stateDir, '~/.local/state/upkeep')
}

/** What differs between two machines or two days, taken out: ports, days, ages, places in the ledger, and where lines break. */
export function withoutTimeAndPlace(printed: string): string {
  return printed
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/\bport \d+/g, 'port PORT')
    .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
    .replace(/\bjust now|\b\d+ (?:min|h|d) ago/g, 'AGE')
    .replace(/\b\d+ days?\b/g, 'DAYS')
    .replace(/ledger entry \d+/g, 'ledger entry N')
    .replace(/\bbytes [0-9a-f]{16}\b/g, 'bytes DIGEST')
    .replace(/\b(?:bubblewrap|user-namespaces) [0-9.]+/g, 'SANDBOX')
    .replace(/\s+/g, ' ')
    .trim()
}
