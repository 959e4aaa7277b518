import { Code, SegmentedControl, Text } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { LongList } from '../parts/long-list'
import { Inline } from '../parts/outside-text'
import { phaseWords } from '../parts/phase-words'
import { Page } from '../shell/shell'
import { ChangePreview } from './change-preview'

/** The changes and what each waits for; with `?fix=` the plan that would close something. */
export function Changes() {
  const [params, setParams] = useSearchParams()
  const fix = params.get('fix')
  const view = params.get('view') ?? 'open'
  return (
    <Page title="Changes">
      {fix !== null && <ChangePreview key={fix} what={fix} />}
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
