import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { type Output, useRead } from '../api/client'
import { Inline } from '../parts/outside-text'
import { ReachFigure } from '../parts/reach-figure'
import { Answered, Empty } from '../parts/states'
import { StatusMark } from '../parts/status'

type Integrations = Output<'integrations'>
type Radius = NonNullable<Integrations['radius']>

/** The third parties behind the servers; of the one in the address, everything that is in reach when it is breached. */
export function Vendors() {
  const [params, setParams] = useSearchParams()
  const vendor = params.get('vendor')
  const all = useRead('integrations', {})
  return (
    <section aria-labelledby="vendors">
      <Title order={2} size="h3" id="vendors" mt="xl" mb="sm">
        Who is behind them
      </Title>
      <Answered query={all} lines={2}>
        {(data) => {
          const names = vendorsIn(data)
          return names.length === 0 ? (
            <Empty>No server talks to a third party by its declaration.</Empty>
          ) : (
            <Stack gap="sm">
              <Text size="sm">If one of them is breached, what is in reach?</Text>
              <Group gap="xs">
                {names.map(({ id, title }) => (
                  <Button
                    key={id}
                    size="xs"
                    variant={id === vendor ? 'filled' : 'default'}
                    aria-pressed={id === vendor}
                    onClick={() => setParams(id === vendor ? {} : { vendor: id })}
                  >
                    <Inline>{title}</Inline>
                  </Button>
                ))}
              </Group>
              {data.notRead.length > 0 && (
                <StatusMark
                  status="unknown"
                  word={`of ${data.notRead.length} it is not known: ${data.notRead[0]?.name ?? ''}, ${data.notRead[0]?.reason ?? ''}`}
                />
              )}
            </Stack>
          )
        }}
      </Answered>
      {vendor !== null && <Reach vendor={vendor} />}
    </section>
  )
}

function vendorsIn({ servers }: Integrations): { id: string; title: string }[] {
  const found = new Map<string, string>()
  for (const { destinations } of servers)
    for (const { vendor, title, host } of destinations) {
      const id = vendor ?? host
      if (id !== null) found.set(id, title ?? id)
    }
  return [...found].map(([id, title]) => ({ id, title })).sort((one, other) => one.title.localeCompare(other.title))
}

function Reach({ vendor }: { vendor: string }) {
  const found = useRead('integrations', { vendor })
  return (
    <Answered query={found} lines={4}>
      {({ radius, servers }) => (radius === null ? null : <RadiusCard radius={radius} entries={servers} />)}
    </Answered>
  )
}

function RadiusCard({ radius, entries }: { radius: Radius; entries: Integrations['servers'] }) {
  const { vendor, servers, withoutOwner } = radius
  return (
    <Card withBorder padding="md" mt="sm" role="status">
      <Text fw={600}>
        In reach of <Inline>{vendor}</Inline>: {servers.length} {servers.length === 1 ? 'server' : 'servers'}
      </Text>
      {withoutOwner.length > 0 && (
        <StatusMark status="unknown" word={`nobody is named for ${withoutOwner.join(', ')}`} />
      )}
      <ReachFigure entries={entries} label={`In reach of ${vendor}`} />
      <Text size="sm" mt="xs">
        The register at a terminal: upkeep integrations --vendor <Inline>{vendor}</Inline>
      </Text>
    </Card>
  )
}
