import { Card, Code, Text, Title } from '@mantine/core'
import { useRead } from '../api/client'
import { LongList } from '../parts/long-list'
import { Answered } from '../parts/states'
import { Time } from '../parts/time'
import { Page } from '../shell/shell'
import { EvidencePack } from './evidence-pack'

/** What was run, and the ledger that it is sealed in. */
export function Evidence() {
  const status = useRead('status', { brief: true })
  return (
    <Page title="Evidence">
      <Answered query={status} lines={2}>
        {({ report: { ledger } }) => (
          <Card withBorder padding="md" mb="lg">
            <Text>
              The ledger holds {ledger.size.toLocaleString('en-GB')} records.
              {ledger.checkpoint === null ? (
                ' No checkpoint is signed yet.'
              ) : (
                <>
                  {' '}
                  Its head over {ledger.checkpoint.size} was signed <Time at={ledger.checkpoint.at} />:
                </>
              )}
            </Text>
            {ledger.checkpoint !== null && <Code>{ledger.checkpoint.root}</Code>}
            <Text size="sm" mt="xs">
              To check all of it at a terminal: <Code>upkeep verify</Code>
            </Text>
          </Card>
        )}
      </Answered>
      <EvidencePack />
      <Title order={2} size="h3" mt="xl" mb="sm">
        Runs
      </Title>
      <LongList
        name="runs"
        of="runs"
        input={{ limit: 10_000 }}
        label="runs"
        columns={[
          { title: 'Duty', width: 'minmax(12rem, 2fr)' },
          { title: 'Outcome', width: '8rem' },
          { title: 'Verdicts', width: 'minmax(10rem, 1.5fr)' },
          { title: 'When', width: '8rem' },
        ]}
        empty="Nothing was run yet."
        row={(run) => ({
          key: run.id,
          href: `/evidence/${run.id}`,
          cells: [
            run.duty,
            run.outcome,
            `${run.counts.fail} fail, ${run.counts.unknown} unknown, ${run.counts.pass} pass`,
            <Time key="at" at={run.startedAt} />,
          ],
        })}
      />
    </Page>
  )
}
