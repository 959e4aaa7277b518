import { syncTickets } from '../tell-tickets.ts'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { freezeSet } from './freeze-set.ts'
import { notifyLog } from './notify-log.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import type { ListedTicket } from './ticket-output.ts'
import { tickets } from './tickets.ts'
import { keepUnattended } from './unattended.ts'

/** A home whose changes get tickets. */
export interface Ticketed {
  readonly product: TestProduct
  /** Proposes to declare a freeze for this reason; gives back the change. */
  propose(why?: string): Promise<string>
  /** Approves and makes it, as a person at the terminal. */
  make(change: string): Promise<void>
  /** What a round does with tickets. */
  sync(): Promise<void>
  /** What the daemon does between rounds. */
  round(): Promise<void>
  tickets(): Promise<ListedTicket[]>
  log(): Promise<{ event: string; state: string; why: string; attempts: number }[]>
}

const secret = 'github-token'

/** `at` is where the tracker is, `when` what it is for. */
export async function ticketedHome(at: string, when = '{}'): Promise<Ticketed> {
  const product = testProduct({ TOKEN: secret })
  product.write('upkeep.yaml', 'version: 1\n')
  product.declare({ fs: 'read' })
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  product.write(
    'upkeep.yaml',
    `version: 1
outgoing: { inner: [127.0.0.1] }
tickets: [{ name: it, github: example/mcp, at: '${at}', token: 'env:TOKEN', when: ${when} }]
`,
  )
  const day = { from: '2036-01-01T00:00:00Z', until: '2036-01-02T00:00:00Z' }
  return {
    product,
    propose: async (why = 'fair') =>
      (await product.run(freezeSet, { why, ...day, propose: true })).output.change?.id ?? '',
    make: async (change) => {
      product.answer = 'yes'
      await product.run(fix, { change })
      product.answer = null
    },
    round: () => product.within(keepUnattended),
    sync: () => product.within(syncTickets),
    tickets: async () => (await product.run(tickets)).output.tickets,
    log: async () => (await product.run(notifyLog)).output.deliveries,
  }
}

/** One change with its ticket, as the operation gives it. */
export async function changeWithTicket({ product }: Ticketed, change: string) {
  const { output, text } = await product.run(changes, { change })
  return { ticket: output.ticket, text: text({ width: 160, colour: false, ascii: true, verbose: false }), output }
}
