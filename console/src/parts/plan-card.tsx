import { List, Stack, Text } from '@mantine/core'
import type { Row } from '../api/client'
import { Difference } from './difference'
import { Inline } from './outside-text'
import { TitledLines } from './titled-lines'

/** What a change would write, file by file, in words and as the lines that differ. */
export function PlanCard({ plan }: { plan: Row<'changes'>['plan'] }) {
  return (
    <Stack gap="sm">
      <List size="md" spacing={4} className="prose">
        {plan.summary.map((line) => (
          <List.Item key={line}>
            <Inline>{line}</Inline>
          </List.Item>
        ))}
      </List>
      {plan.effects.map((effect) => (
        <div key={effect.path}>
          <Text size="sm" fw={600}>
            <Inline>{effect.path}</Inline>
          </Text>
          <Difference lines={effect.shown} />
        </div>
      ))}
      <TitledLines title="To mind" lines={plan.limits} />
      <TitledLines title="What cannot be taken back" lines={plan.irreversible} />
    </Stack>
  )
}
