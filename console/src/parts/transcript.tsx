import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read } from '../api/client'
import { Inline, Outside } from './outside-text'
import { type Proof, proofRecords, proofsIn } from './proofs'
import { Answered, Empty } from './states'
import { type Status, StatusMark } from './status'

const verdicts: Readonly<Record<Proof['outcome'], readonly [status: Status, word: string]>> = {
  broken: ['fail', 'ESCAPED'],
  held: ['pass', 'BLOCKED'],
  inconclusive: ['unknown', 'unknown'],
  'not-applicable': ['not-applicable', 'nothing to try it on'],
}
const mostTurns = 100
const mostOpen = 3

/** What was sent and what came back, attempt by attempt, each to fold away; the verdict stands under the exchange after which it was given. */
export function Transcripts({ proofs }: { proofs: readonly Proof[] }) {
  if (proofs.length === 0) return null
  return (
    <Stack gap="xs" mb="sm">
      {proofs.map((proof, index) => (
        <details key={proof.probe} open={index < mostOpen}>
          <summary>
            <Inline>{`${verdicts[proof.outcome][1]}: ${proof.title}`}</Inline>
          </summary>
          <Turns proof={proof} />
        </details>
      ))}
    </Stack>
  )
}

function Turns({ proof: { turns, outcome, detail, attempts, probe } }: { proof: Proof }) {
  const left = turns.length - mostTurns
  const [status, word] = verdicts[outcome]
  return (
    <ol className="transcript" aria-label={`What was said: ${probe}`}>
      {left > 0 && <li>{left} earlier exchanges stand in the record.</li>}
      {turns.slice(-mostTurns).map(({ sent, received }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the turns of one attempt never move.
        <li key={index}>
          <div className="difference-caption">&gt; sent</div>
          <Outside>{sent}</Outside>
          <div className="difference-caption">&lt; came back</div>
          <Outside>{received}</Outside>
        </li>
      ))}
      <li>
        <StatusMark status={status} word={word} />{' '}
        <Text size="sm" component="span">
          <Inline>{detail}</Inline>
          {attempts > 1 && `; tried ${attempts} times`}
          {turns.length === 0 && '; nothing was exchanged'}
        </Text>
      </li>
    </ol>
  )
}

/** The exchanges that a finding rests on, read from the records of its run when they are asked for. */
export function SaidThen({ run, subject, of }: { run: string; subject: string; of: (proof: Proof) => boolean }) {
  const [isOpen, setOpen] = useState(false)
  const found = useQuery({
    queryKey: ['show', 'proofs', run, subject],
    queryFn: ({ signal }) => proofsOfRun(run, subject, signal),
    enabled: isOpen,
  })
  if (!isOpen)
    return (
      <Button variant="default" className="no-print" onClick={() => setOpen(true)}>
        Show what was sent and what came back
      </Button>
    )
  return (
    <Answered query={found}>
      {(proofs) => {
        const own = proofs.filter(of)
        return own.length === 0 ? (
          <Empty>The run of this finding kept no exchange of it.</Empty>
        ) : (
          <Transcripts proofs={own} />
        )
      }}
    </Answered>
  )
}

async function proofsOfRun(run: string, subject: string, signal: AbortSignal): Promise<Proof[]> {
  const { observations } = Object((await read('show', { id: run }, signal)).body)
  if (typeof observations !== 'string') return []
  const { body } = await read('show', { id: observations }, signal)
  const records = await Promise.all(proofRecords(body, subject).map((id) => read('show', { id }, signal)))
  return records.flatMap((one) => proofsIn(one.body))
}
