import { Card, Code, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useRead } from '../api/client'
import { LongList } from '../parts/long-list'
import { Inline } from '../parts/outside-text'
import { Answered } from '../parts/states'
import { Page } from '../shell/shell'
import { Vendors } from './vendors'

const says: Readonly<Record<string, string>> = {
  declared: 'only declared',
  resolved: 'resolved',
  observed: 'observed',
  proven: 'proven',
}

/** Every server of every client, how much is known of it, and who has a package. */
export function Fleet() {
  return (
    <Page title="Fleet">
      <LongList
        name="servers"
        of="servers"
        input={{}}
        sort="name"
        label="servers"
        columns={[
          { title: 'Server', width: 'minmax(8rem, 1.2fr)' },
          { title: 'Client', width: 'minmax(6rem, 0.7fr)' },
          { title: 'Known', width: '7rem' },
          { title: 'Would run', width: 'minmax(12rem, 2fr)' },
        ]}
        empty={
          <>
            No client on this machine declares a server. <Code>upkeep --practice</Code> shows four with known faults.
          </>
        }
        row={(server) => ({
          key: server.id,
          href: `/fleet/${encodeURIComponent(server.name)}`,
          cells: [
            <Inline key="name">{server.disabled ? `${server.name} (off)` : server.name}</Inline>,
            <Inline key="client">{server.client}</Inline>,
            says[server.strength] ?? server.strength,
            server.version === null ? (
              <Text key="why" size="sm">
                not known: <Inline>{server.why}</Inline>
              </Text>
            ) : (
              <Inline key="launches">{`${server.launches} ${server.version}`}</Inline>
            ),
          ],
        })}
      />
      <WhoHas />
      <Vendors />
    </Page>
  )
}

function WhoHas() {
  const [asked, setAsked] = useState('')
  const found = useRead('who-has', { package: asked }, { enabled: asked !== '' })
  return (
    <section aria-labelledby="who-has">
      <Title order={2} size="h3" id="who-has" mt="xl" mb="sm">
        Who has it
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(String(new FormData(event.currentTarget).get('package') ?? '').trim())
        }}
      >
        <TextInput
          name="package"
          label="A package, with a version if you like"
          placeholder="mcp-remote@0.1.15"
          maw={420}
          description="Press Enter"
        />
      </form>
      {asked !== '' && (
        <Answered query={found} lines={2}>
          {({ holders, servers, notKnown }) => (
            <Stack gap="xs" mt="sm">
              <Text role="status">
                {holders.length} of {servers} servers have it; of {notKnown.length} it is not known.
              </Text>
              {holders.map(({ subject, has }) => (
                <Card key={subject.id} withBorder padding="sm">
                  <Link href={`/fleet/${encodeURIComponent(subject.name)}`}>
                    <Inline>{subject.name}</Inline>
                  </Link>
                  <Text size="sm">
                    <Inline>
                      {has
                        .map((one) => `${one.package} ${one.version ?? 'of unknown version'} (${one.how})`)
                        .join(', ')}
                    </Inline>
                  </Text>
                </Card>
              ))}
            </Stack>
          )}
        </Answered>
      )}
    </section>
  )
}
