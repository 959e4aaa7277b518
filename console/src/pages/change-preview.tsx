import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useWrite } from '../api/client'
import { Failed } from '../parts/failed'
import { visibleText } from '../parts/outside-text'
import { PlanCard } from '../parts/plan-card'
import { SecretPlace } from '../parts/secret-place'

/** What would be written, before anything is stored. A secret that is moved goes where the person says. */
export function ChangePreview({ what }: { what: string }) {
  const planned = useWrite('fix')
  const propose = useWrite('fix')
  const [at, setAt] = useState('')
  const [to, setTo] = useState<{ secretsTo?: string }>({})
  const asked = useRef(false)
  const { mutate } = planned
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    mutate({ what: [what], plan: true })
  }, [mutate, what])
  // What was offered stays a choice while another plan is worked out, or cannot be.
  const [offered, setOffered] = useState<readonly string[]>([])
  const stores = planned.data?.secretStores
  useEffect(() => {
    if (stores !== undefined) setOffered(stores)
  }, [stores])
  const plan = planned.data?.plan
  const made = propose.data?.change ?? null
  const order = { what: [what], ...to, propose: true, reason: 'proposed in the console', events: { onProgress: setAt } }
  return (
    <Card withBorder padding="md" mb="lg" component="section" aria-label="The change that would close it">
      <Title order={2} size="h3" mb="sm">
        The change that would close it
      </Title>
      {planned.isPending && <Text role="status">Working out the plan: nothing is written.</Text>}
      {offered.length > 0 && made === null && (
        <SecretPlace
          stores={offered}
          isBusy={planned.isPending || propose.isPending}
          choose={(secretsTo) => {
            setTo({ secretsTo })
            mutate({ what: [what], plan: true, secretsTo })
          }}
        />
      )}
      {planned.error !== null && <Failed error={planned.error} />}
      {planned.isSuccess && plan === undefined && <Text>There is no change that closes it by itself.</Text>}
      {plan !== undefined && (
        <Stack gap="md">
          <PlanCard plan={plan} />
          {propose.error !== null && <Failed error={propose.error} />}
          {made === null ? (
            <Group className="no-print">
              <Button loading={propose.isPending} onClick={() => propose.mutate(order)}>
                Propose: {visibleText(plan.title)}
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
