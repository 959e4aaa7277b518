import { UserError } from '@upkeep/contract'
import { publishDue } from '../maintenance/publish-due.ts'
import { deliverWaiting } from '../tell-people.ts'
import { tellTickets } from '../tell-tickets.ts'
import type { Context } from './context.ts'
import { enforceNow } from './enforce-now.ts'
import { makeScheduled } from './scheduled-changes.ts'
import { tellInvitations } from './tell-invitations.ts'

/**
 * What is done without anybody at hand: what waits is told, servers are set back where a person signed that they shall be, and approved changes are made whose time
 * has come. What cannot be looked at now is said, and looked at again the next time.
 */
export async function keepUnattended(context: Context): Promise<void> {
  await said(context, 'What waits to be told could not be told', async () => {
    await tellInvitations(context)
    await deliverWaiting(context)
  })
  if (context.signal.aborted) return
  await said(context, 'What shall be could not be compared', () => setBack(context))
  if (context.signal.aborted) return
  await said(context, 'Changes whose time has come could not be made', async () => {
    for (const { change, title, outcome, detail } of await makeScheduled(context))
      context.tell(`${title} (${change.slice(0, 13)}): ${words[outcome]}${detail === '' ? '' : `: ${detail}`}`)
  })
  if (context.signal.aborted) return
  await said(context, 'Maintenance contracts could not be published', () => publishDue(context))
  if (context.signal.aborted) return
  await said(context, 'Tickets could not be told', () => tellTickets(context))
}

const words = {
  made: 'made in its time',
  'taken-back': 'taken back',
  'not-made': 'not made',
  'given-another-time': 'not made',
}

async function setBack(context: Context): Promise<void> {
  if (context.upkeepFile.modes.every(({ mode }) => mode === 'observe')) return
  const found = await enforceNow(context, { plan: false })
  for (const { server, client, done, why, change } of found?.done ?? [])
    if (done === 'set-back' || done === 'failed')
      context.tell(`${server} of ${client}: ${done === 'failed' ? why : `set back by change ${change}`}`)
}

/** Whoever else is at work on the same state is waited for by whoever calls. */
async function said(context: Context, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'state-busy') throw error
    context.tell(`${what}: ${error.message}`)
  }
}
