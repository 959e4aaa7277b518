import { Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { type Output, useRead, useWrite } from '../api/client'
import { Failed } from '../parts/failed'
import { ForRole } from '../parts/for-role'
import { Inline } from '../parts/outside-text'
import { Answered, Empty } from '../parts/states'
import { StatusMark } from '../parts/status'
import { Time } from '../parts/time'

type Channel = Output<'notify/channels'>['channels'][number]

/** Where people are told, whether that works, and a message to see that it does. */
export function Channels() {
  return (
    <section aria-labelledby="channels">
      <Title order={2} size="h3" mb="sm" mt="xl" id="channels">
        Who is told
      </Title>
      <Text className="prose" mb="sm">
        A channel whose newest message did not arrive asks in the inbox. What those see who use the servers is the{' '}
        <Anchor href="/status" underline="always">
          status page
        </Anchor>
        .
      </Text>
      <ForRole kind="read" name="notify/channels" what="Seeing the channels, and sending a test over them,">
        <ChannelsHere />
      </ForRole>
    </section>
  )
}

function ChannelsHere() {
  const found = useRead('notify/channels', {})
  return (
    <Answered query={found} lines={4}>
      {({ channels }) =>
        channels.length === 0 ? (
          <Empty>Nobody is told of anything: upkeep.yaml names no channel under "notify".</Empty>
        ) : (
          <ChannelTable channels={channels} />
        )
      }
    </Answered>
  )
}

function ChannelTable({ channels }: { channels: readonly Channel[] }) {
  const sending = useWrite('notify/test')
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={320}>
        <Table layout="auto" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Channel</Table.Th>
              <Table.Th>Last message</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {channels.map((one) => (
              <Table.Tr key={`${one.kind} ${one.name}`}>
                <Table.Td>
                  <Text fw={600}>
                    <Inline>{one.name}</Inline>
                  </Text>
                  <Text size="sm">
                    {one.kind} to <Inline>{one.to}</Inline>
                  </Text>
                  {one.only.map((line) => (
                    <Text size="sm" key={line}>
                      <Inline>{line}</Inline>
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td>
                  <Last channel={one} />
                  {one.kind !== 'heartbeat' && (
                    <Button
                      size="xs"
                      variant="default"
                      mt="xs"
                      className="no-print"
                      loading={sending.isPending && sending.variables.channel === one.name}
                      aria-label={`Send a test message to ${one.name}`}
                      onClick={() => sending.mutate({ channel: one.name })}
                    >
                      Send a test
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {sending.error !== null && <Failed error={sending.error} />}
    </Stack>
  )
}

function Last({ channel: { last, waiting } }: { channel: Channel }) {
  return (
    <Stack gap={2}>
      {last === null ? (
        <StatusMark status="unknown" word="never used" />
      ) : (
        <>
          <Group gap="xs">
            {last.state === 'delivered' ? (
              <StatusMark status="pass" word="delivered" />
            ) : (
              <StatusMark status="fail" word="not delivered" />
            )}
            <Text size="sm">
              <Time at={last.at} />
            </Text>
          </Group>
          <Text size="sm">
            {last.event}: <Inline>{last.why}</Inline>
          </Text>
        </>
      )}
      {waiting > 0 && <Text size="sm">{waiting} waiting</Text>}
    </Stack>
  )
}
