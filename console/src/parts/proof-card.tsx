import { Button, Card, Code, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useRead } from '../api/client'
import { Inline, Outside } from './outside-text'
import { checkProof, isNamedBy, type RecordProof } from './proof-check'
import { saveFile } from './save-file'
import { Answered } from './states'
import { StatusMark } from './status'
import { Time } from './time'

const names = { record: 'The record', keys: 'The keys', head: 'The signed head' } as const

/** That a record is in the ledger, computed in this browser from the proof: nothing that the server says of itself is believed. */
export function ProofCard({ id, body }: { id: string; body: unknown }) {
  const [isAsked, setAsked] = useState(false)
  const found = useRead('proof', { id }, { enabled: isAsked })
  return (
    <Card withBorder padding="md" mb="md" component="section" aria-labelledby="proof">
      <Title order={2} size="h4" id="proof">
        In the ledger
      </Title>
      {isAsked ? (
        <Answered query={found} lines={3}>
          {({ proof, why, head }) =>
            proof === null || head === null ? (
              <Stack gap={4} mt="xs">
                <StatusMark status="unknown" word="No proof could be made" />
                <Text size="sm" className="prose">
                  <Inline>{why ?? ''}</Inline>
                </Text>
              </Stack>
            ) : (
              <Stack gap={4} mt="xs">
                <Checks proof={proof} shown={body} />
                <Text size="sm" mt="xs">
                  Leaf {proof.index.toLocaleString('en-GB')} of {head.size.toLocaleString('en-GB')}, {proof.path.length}{' '}
                  {proof.path.length === 1 ? 'hash' : 'hashes'} below the head signed <Time at={head.at} />:
                </Text>
                <Outside>{proof.checkpoint}</Outside>
                <Text size="sm" className="prose">
                  It does not say whether the record was true when it was sealed, nor whether the ledger was written
                  anew with its own key: for that hold it against a head kept elsewhere, with{' '}
                  <Code>node upkeep-verify-proof.mjs proof.json --checkpoint</Code>
                </Text>
                <Group mt="xs" className="no-print">
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() =>
                      saveFile(`${JSON.stringify(proof)}\n`, `proof-${proof.id.slice(0, 16)}.json`, 'application/json')
                    }
                  >
                    Save the proof
                  </Button>
                </Group>
              </Stack>
            )
          }
        </Answered>
      ) : (
        <Group mt="xs" className="no-print">
          <Button variant="default" onClick={() => setAsked(true)}>
            Check that it is in the ledger
          </Button>
        </Group>
      )}
    </Card>
  )
}

function Checks({ proof, shown }: { proof: RecordProof; shown: unknown }) {
  const checked = useQuery({
    queryKey: ['checked here', proof, shown],
    queryFn: () => checkProof(proof, shown),
    gcTime: 0,
  })
  return (
    <Answered query={checked} lines={3}>
      {(steps) => (
        <Stack gap={4} role="status" aria-label="Checked in this browser">
          {steps.map(({ what, status, says }) => (
            <Group key={what} gap="sm" align="baseline">
              <StatusMark status={status} word={names[what]} />
              <Text size="sm">
                <Inline>{says}</Inline>
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </Answered>
  )
}

/** An object is named by the digest of its text: whether it is, computed here. */
export function ObjectCheck({ id, body }: { id: string; body: unknown }) {
  const named = useQuery({ queryKey: ['named', id, body], queryFn: () => isNamedBy(body, id), gcTime: 0, retry: false })
  if (named.isPending) return null
  const [status, says] = named.isError
    ? (['unknown', 'this browser computes no digests on a page without TLS'] as const)
    : named.data
      ? (['pass', 'its text has the digest by which records name it: computed in this browser'] as const)
      : (['fail', 'its text has another digest than its name: it is not what was sealed'] as const)
  return (
    <Group gap="sm" align="baseline" mb="md">
      <StatusMark status={status} word="The object" />
      <Text size="sm">{says}</Text>
    </Group>
  )
}
