import { Alert, Button, Code, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { type Output, useRead, useWrite } from '../api/client'
import { newPasskey, whyNoPasskeys } from '../api/passkey'
import { Failed } from '../parts/failed'
import { Inline } from '../parts/outside-text'
import { Answered } from '../parts/states'
import { Time } from '../parts/time'

type Keys = Output<'keys'>

/** By what a person decides here, and how they get a passkey. */
export function YourKeys() {
  const found = useRead('keys', {})
  return (
    <section aria-labelledby="your-keys">
      <Title order={2} size="h3" mb="sm" id="your-keys">
        Your keys
      </Title>
      <Text className="prose" mb="sm">
        What weighs is approved with a key that takes you: an SSH key at a terminal, a passkey here. It signs exactly
        what you decide.
      </Text>
      <Answered query={found} lines={4}>
        {(keys) => <Own keys={keys} />}
      </Answered>
    </section>
  )
}

function Own({ keys }: { keys: Keys }) {
  const own = keys.keys.filter(({ person }) => person === keys.you)
  return (
    <Stack gap="sm" align="flex-start">
      {own.length === 0 ? (
        <Text>
          No key of yours is known. The first one is believed, and stands in the records for everybody to see.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={320} w="100%">
          <Table layout="auto" verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Key</Table.Th>
                <Table.Th>Code</Table.Th>
                <Table.Th>Since</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {own.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>
                    {one.kind === 'passkey' ? 'Passkey for ' : 'SSH key'}
                    {one.origin !== null && <Inline>{one.origin}</Inline>}
                    {!one.vouched && <Text size="sm">Your first: it was believed</Text>}
                  </Table.Td>
                  <Table.Td>
                    <Code>{one.code}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Time at={one.at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {keys.waiting !== null && (
        <Alert variant="outline" title="A passkey waits for your SSH key">
          <Text size="sm">
            Within the hour, at a terminal: <Code>{keys.waiting.command}</Code>. It shows a code; it has to be{' '}
            <Code>{keys.waiting.code}</Code>.
          </Text>
        </Alert>
      )}
      <AddPasskey you={keys.you} own={own} />
    </Stack>
  )
}

function AddPasskey({ you, own }: { you: string; own: Keys['keys'] }) {
  const enrol = useWrite('keys')
  const [made, setMade] = useState<Error | null>(null)
  const [isAsked, setAsked] = useState(false)
  const why = whyNoPasskeys()
  if (why !== null) return <Text>{why}</Text>
  const known = own.flatMap(({ key, kind }) => (kind === 'passkey' ? [key.split(' ')[3] ?? ''] : []))
  async function add(): Promise<void> {
    setMade(null)
    setAsked(true)
    try {
      await enrol.mutateAsync({ passkey: await newPasskey(you, known) })
    } catch (error) {
      setMade(error instanceof Error ? error : new Error('No passkey was made.'))
    }
    setAsked(false)
  }
  return (
    <Stack gap="xs" align="flex-start" className="no-print">
      <Text size="sm">
        {own.length === 0
          ? 'Your device asks you twice: to make it, and to sign with it.'
          : 'Your device asks you to make it and to sign with it; then a key that you have signs for it.'}
      </Text>
      <Button loading={isAsked} onClick={() => void add()}>
        Add a passkey
      </Button>
      {made !== null && <Failed error={made} />}
    </Stack>
  )
}
