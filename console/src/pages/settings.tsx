import { Code, Stack, Table, Text, Title } from '@mantine/core'
import { useRead } from '../api/client'
import { Answered } from '../parts/states'
import { StatusMark } from '../parts/status'
import { Page } from '../shell/shell'
import { Channels } from './channels'
import { You } from './you'
import { YourKeys } from './your-keys'

/** What this installation took on, and where it is set. Settings are in a file that can be reviewed, so this page shows and the file decides. */
export function Settings() {
  const duties = useRead('duties', {})
  return (
    <Page title="Settings">
      <Text className="prose" mb="lg">
        Settings stand in <Code>upkeep.yaml</Code>, which <Code>upkeep init</Code> begins; this page shows what follows
        from them.
      </Text>
      <You />
      <YourKeys />
      <Channels />
      <Title order={2} size="h3" mb="sm" mt="xl">
        Duties
      </Title>
      <Answered query={duties} lines={10}>
        {({ duties: list }) => (
          <Stack gap="sm">
            <Text size="sm">
              {list.filter(({ adopted }) => adopted).length} of {list.length} are adopted.
            </Text>
            <Table.ScrollContainer minWidth={320}>
              <Table layout="auto" verticalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Duty</Table.Th>
                    <Table.Th miw={104}>Adopted</Table.Th>
                    <Table.Th visibleFrom="sm" miw={96}>
                      Cadence
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.map((duty) => (
                    <Table.Tr key={duty.id}>
                      <Table.Td>
                        <Text fw={600}>{duty.title}</Text>
                        <Text size="sm">{duty.summary}</Text>
                      </Table.Td>
                      <Table.Td>
                        {duty.adopted ? (
                          <StatusMark status="pass" word="yes" />
                        ) : (
                          <Text size="sm">no, by the profile</Text>
                        )}
                      </Table.Td>
                      <Table.Td visibleFrom="sm">{duty.cadence}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Stack>
        )}
      </Answered>
    </Page>
  )
}
