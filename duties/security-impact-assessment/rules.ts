import { rule } from '@upkeep/contract'
import { z } from 'zod'

const about = z.object({ change: z.string(), title: z.string() })

export const rules = {
  'no-sheet': rule({
    version: 1,
    title: 'A change went through without an impact sheet',
    severity: 'high',
    help: 'Look at what it changed (upkeep changes <id> --document), and find out how it came past the gate: upkeep verify.',
    facts: about.extend({ risk: z.string().nullable() }),
    identity: ['change'],
  }),
  'sheet-lost': rule({
    version: 1,
    title: 'The impact sheet that a change was approved by is not there',
    severity: 'high',
    help: 'Find out what became of it: upkeep verify names every object that was altered.',
    facts: about.extend({ why: z.string() }),
    identity: ['change'],
  }),
  'sheet-of-another-plan': rule({
    version: 1,
    title: 'The impact sheet is of another plan than the one that was approved',
    severity: 'high',
    help: 'What was approved was not what was assessed. Review the change, or take it back: upkeep undo <id>.',
    facts: about.extend({ plan: z.string(), sheet: z.string() }),
    identity: ['change'],
  }),
  'approved-before-assessed': rule({
    version: 1,
    title: 'A change was approved before what it means was worked out',
    severity: 'high',
    help: 'Have it looked at again with the sheet at hand: upkeep changes <id>.',
    facts: about.extend({ people: z.array(z.string()), assessedAt: z.string().nullable() }),
    identity: ['change'],
  }),
  'required-test-missing': rule({
    version: 1,
    title: 'A test that the impact sheet asks for was not made, or failed',
    severity: 'medium',
    help: 'Try what the change put in force (upkeep prove <server>), or take it back: upkeep undo <id>.',
    facts: about.extend({ failed: z.array(z.string()), missing: z.array(z.string()) }),
    identity: ['change'],
  }),
  'fewer-approvals-than-assessed': rule({
    version: 1,
    title: 'Fewer people approved a change than its impact sheet asks for',
    severity: 'medium',
    help: 'Have it reviewed by another person. Where your policies ask for less than the sheet, see whether that is meant: policies in upkeep.yaml.',
    facts: about.extend({ asked: z.int(), approved: z.int(), policy: z.string() }),
    identity: ['change'],
  }),
  'unknown-passed-over': rule({
    version: 1,
    title: 'What an impact sheet does not know is not said to whoever decides',
    severity: 'medium',
    help: 'Read what is not known (upkeep changes <id>), and have the change looked at again in that light.',
    facts: about.extend({ unknown: z.array(z.string()) }),
    identity: ['change'],
  }),
  'texts-called-harmless': rule({
    version: 1,
    title: 'Texts that a model reads changed, and the impact sheet makes nothing of it',
    severity: 'medium',
    help: 'Read the new texts before a model acts on them: upkeep surface <server>. Then approve them, or take the change back.',
    facts: about.extend({ texts: z.int() }),
    identity: ['change'],
  }),
}
export type Rules = typeof rules
