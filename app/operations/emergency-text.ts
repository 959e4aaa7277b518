import { effectWords } from '@upkeep/domain/changes/effect-words'
import { reviewScope } from '@upkeep/domain/changes/held-by-emergency'
import { stampOf } from '@upkeep/domain/distance'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows, type Row } from '@upkeep/engine/report/rows'
import type { EmergencyOutput } from './emergency-output.ts'

const mostShown = 30

/** What was done about an emergency, and what is left to do. */
export function emergencyText(
  output: EmergencyOutput,
  { notKnown, alone }: { notKnown: readonly string[]; alone: boolean },
  style: TerminalStyle,
): string {
  const rows = [...output.affected.slice(0, mostShown).map(affectedRow), outcomeRow(output)]
  const hidden = output.affected.length - Math.min(mostShown, output.affected.length)
  const more = hidden > 0 ? [`${hidden} more are affected: upkeep changes ${output.change.id} --json`] : []
  const unknown = notKnown.map((line) => `Not known: ${line}`)
  const told = output.told.flatMap(({ channel, outcome, detail }) =>
    outcome === 'failed' ? [`${channel} could not be told: ${detail}`] : [],
  )
  return `${[...layRows(rows, style), ...more, ...unknown, ...told, ...reviewLines(output, alone)].join('\n')}\n`
}

function affectedRow({ name, part, since, until, server }: EmergencyOutput['affected'][number]): Row {
  const seen = since === null ? [] : [`since ${stampOf(since)}${until === null ? '' : `, last seen ${stampOf(until)}`}`]
  return {
    label: until === null ? 'affected' : 'was',
    tone: until === null ? 'red' : 'yellow',
    name,
    lines: [[...(part === null ? [] : [part]), ...seen].join(', ') || 'named', server],
    command: null,
  }
}

function outcomeRow({ change, rehearsal, evidence, notReached, secondsToContain }: EmergencyOutput): Row {
  const files = effectWords(change.plan.effects)
  const lines = [
    change.plan.title,
    `kept before anything was touched: ${evidence.map(({ name, count }) => `${name} (${count})`).join(', ') || 'nothing could be seen'}`,
    ...change.plan.effects.slice(0, 10).map(({ path }) => path),
    ...(change.sighting?.pending ?? []),
  ]
  if (rehearsal)
    return {
      label: 'rehearsed',
      tone: 'cyan',
      name: change.id.slice(0, 13),
      lines: [...lines, `${files} would have been written; nothing was`],
      command: null,
    }
  if (secondsToContain === null)
    return {
      label: 'not contained',
      tone: 'red',
      name: change.id.slice(0, 13),
      lines: [...lines, 'It is not seen to be in force yet'],
      command: `upkeep fix --change ${change.id}`,
    }
  return {
    label: notReached.length === 0 ? 'contained' : 'contained in part',
    tone: notReached.length === 0 ? 'green' : 'yellow',
    name: change.id.slice(0, 13),
    lines: [...lines, `${secondsToContain} s after it was opened`],
    command: `upkeep undo ${change.id}`,
  }
}

function reviewLines({ change, reviewDue }: EmergencyOutput, alone: boolean): string[] {
  if (reviewDue === null) return []
  const who = alone ? 'you, since nobody else is named' : 'somebody who did not ask for it'
  return [
    `To be reviewed until ${stampOf(reviewDue)} by ${who}:`,
    `  upkeep attest ${reviewScope(change.id)} --role reviewer --until 365d --statement "…"`,
  ]
}
