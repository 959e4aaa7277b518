import { Card, Stack, Table, Text, Title } from '@mantine/core'
import { useParams } from 'wouter'
import { useRead } from '../api/client'
import { FindingRows } from '../parts/finding-rows'
import { Inline } from '../parts/outside-text'
import { ReachFigure } from '../parts/reach-figure'
import { Answered, Empty } from '../parts/states'
import { Page } from '../shell/shell'

/** One server: where it is declared, what would run, what is wrong with it. */
export function Server() {
  const name = decodeURIComponent(useParams<{ name: string }>().name)
  const servers = useRead('servers', { name })
  return (
    <Page title={name} crumbs={[{ name: 'Fleet', to: '/fleet' }]}>
      <Answered query={servers}>
        {({ servers: entries }) =>
          entries.length === 0 ? (
            <Empty>No server of this name was there when last looked at.</Empty>
          ) : (
            <Stack gap="md">
              {entries.map((entry) => (
                <Card key={entry.id} withBorder padding="md" component="section">
                  <Title order={2} size="h4">
                    <Inline>{`In ${entry.client}${entry.disabled ? ' (off)' : ''}`}</Inline>
                  </Title>
                  <Table withRowBorders={false} verticalSpacing={4} mt="xs" variant="vertical" layout="auto">
                    <Table.Tbody>
                      <Fact
                        name="Declared in"
                        value={`${entry.path}${entry.line === null ? '' : `, line ${entry.line}`}`}
                      />
                      <Fact name="Starts" value={entry.launches} />
                      <Fact name="Version" value={entry.version ?? `not known: ${entry.why}`} />
                      <Fact name="Bytes" value={entry.digest ?? 'not known'} />
                      <Fact name="Known" value={entry.strength} />
                    </Table.Tbody>
                  </Table>
                </Card>
              ))}
            </Stack>
          )
        }
      </Answered>
      <Surroundings name={name} />
      <Title order={2} size="h3" mt="xl" mb="sm">
        What is wrong with it
      </Title>
      <FindingRows input={{ about: name }} empty={<Text>Nothing that was looked at is wrong with it.</Text>} />
    </Page>
  )
}

/** What is tied to it as it is declared: who uses and answers for it, what it holds and reaches. */
function Surroundings({ name }: { name: string }) {
  const found = useRead('integrations', { server: name })
  return (
    <section aria-labelledby="reach">
      <Title order={2} size="h3" id="reach" mt="xl" mb="sm">
        In its reach
      </Title>
      <Answered query={found} lines={4}>
        {({ servers }) =>
          servers.length === 0 ? (
            <Empty>What it is tied to could not be read.</Empty>
          ) : (
            <ReachFigure entries={servers} label={`In reach of ${name}`} />
          )
        }
      </Answered>
    </section>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <Table.Tr>
      <Table.Th className="fact-name">{name}</Table.Th>
      <Table.Td>
        <Inline>{value}</Inline>
      </Table.Td>
    </Table.Tr>
  )
}
