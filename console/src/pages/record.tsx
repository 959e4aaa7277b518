import { Text } from '@mantine/core'
import { Fragment } from 'react'
import { Link, useParams } from 'wouter'
import { useRead } from '../api/client'
import { Inline } from '../parts/outside-text'
import { ObjectCheck, ProofCard } from '../parts/proof-card'
import { proofsIn } from '../parts/proofs'
import { Answered } from '../parts/states'
import { Transcripts } from '../parts/transcript'
import { Page } from '../shell/shell'

/** A record or object whole, as it is stored, with what was said where it is of attacks; digests and ids in it open what they name. */
export function RecordPage() {
  const { id } = useParams<{ id: string }>()
  const shown = useRead('show', { id })
  return (
    <Answered query={shown}>
      {({ type, id: whole, body }) => (
        <Page title={`${type} ${whole.slice(0, 12)}`} crumbs={[{ name: 'Evidence', to: '/evidence' }]}>
          <Text size="sm" mb="sm">
            <Inline>{whole}</Inline>
          </Text>
          {type === 'object' ? (
            <ObjectCheck id={whole} body={body} />
          ) : (
            <ProofCard key={whole} id={whole} body={body} />
          )}
          <Transcripts proofs={proofsIn(body)} />
          <pre className="outside">
            <Linked text={JSON.stringify(body, null, 2)} own={whole} />
          </pre>
        </Page>
      )}
    </Answered>
  )
}

const name = /"([0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})"/g
const longest = 200_000

function Linked({ text, own }: { text: string; own: string }) {
  const shown = text.slice(0, longest)
  const parts = shown.split(name)
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 && part !== own ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move.
          <Fragment key={index}>
            "<Link href={`/evidence/${part}`}>{part}</Link>"
          </Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move.
          <Inline key={index}>{index % 2 === 1 ? `"${part}"` : part}</Inline>
        ),
      )}
      {text.length > longest && (
        <em>
          … {text.length - longest} more characters: upkeep show {own.slice(0, 16)}
        </em>
      )}
    </>
  )
}
