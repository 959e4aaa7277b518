import { Button, Card, Code, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useWrite } from '../api/client'
import { Failed } from '../parts/failed'
import { LongList } from '../parts/long-list'
import { Inline } from '../parts/outside-text'
import { phaseWords } from '../parts/phase-words'
import { PlanCard } from '../parts/plan-card'
import { Page } from '../shell/shell'

/** The changes and what each waits for; with `?fix=` the plan that would close something. */
export function Changes() {
  const [params, setParams] = useSearchParams()
  const fix = params.get('fix')
  const view = params.get('view') ?? 'open'
  return (
    <Page title="Changes">
      {fix !== null && <Preview key={fix} what={fix} />}
      <SegmentedControl
        data={[
          { value: 'open', label: 'Open' },
          { value: 'all', label: 'All' },
        ]}
        value={view}
        onChange={(value) => setParams(value === 'open' ? {} : { view: value })}
        aria-label="Which changes"
        mb="md"
        className="no-print"
      />
      <LongList
        name="changes"
        of="changes"
        input={view === 'all' ? { all: true } : {}}
        label="changes"
        columns={[
          { title: 'Change', width: 'minmax(14rem, 2fr)' },
          { title: 'Stands', width: 'minmax(8rem, 1fr)' },
          { title: 'Asked by', width: '8rem' },
          { title: 'Class', width: '7rem' },
        ]}
        empty={
          <>
            No change is open. What could be made: <Code>upkeep fix</Code>, or a finding that proposes one.
          </>
        }
        row={(change) => ({
          key: change.id,
          href: `/changes/${change.id}`,
          cells: [
            <Inline key="title">{change.plan.title}</Inline>,
            <Text key="phase" size="sm">
              {change.outcome ?? phaseWords[change.phase] ?? change.phase}
              {change.heldBy !== null && (
                <>
                  : <Inline>{change.heldBy}</Inline>
                </>
              )}
            </Text>,
            <Inline key="by">{change.requester}</Inline>,
            change.plan.class,
          ],
        })}
      />
    </Page>
  )
}

/** What would be written, before anything is stored. */
function Preview({ what }: { what: string }) {
  const planned = useWrite('fix')
  const propose = useWrite('fix')
  const [at, setAt] = useState('')
  const asked = useRef(false)
  const { mutate } = planned
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    mutate({ what: [what], plan: true })
  }, [mutate, what])
  const plan = planned.data?.plan
  const made = propose.data?.change ?? null
  const order = { what: [what], propose: true, reason: 'proposed in the console', events: { onProgress: setAt } }
  return (
    <Card withBorder padding="md" mb="lg" component="section" aria-label="The change that would close it">
      <Title order={2} size="h3" mb="sm">
        The change that would close it
      </Title>
      {planned.isPending && <Text role="status">Working out the plan: nothing is written.</Text>}
      {planned.error !== null && <Failed error={planned.error} />}
      {planned.isSuccess && plan === undefined && <Text>There is no change that closes it by itself.</Text>}
      {plan !== undefined && (
        <Stack gap="md">
          <PlanCard plan={plan} />
          {propose.error !== null && <Failed error={propose.error} />}
          {made === null ? (
            <Group className="no-print">
              <Button loading={propose.isPending} onClick={() => propose.mutate(order)}>
                Propose: {plan.title}
              </Button>
              <Text size="sm" role="status">
                {propose.isPending ? at : 'It is tested, and then waits for who approves it: nothing is written.'}
              </Text>
            </Group>
          ) : (
            <Text role="status">
              Proposed: <Link href={`/changes/${made.id}`}>see what it waits for</Link>
            </Text>
          )}
        </Stack>
      )}
    </Card>
  )
}
