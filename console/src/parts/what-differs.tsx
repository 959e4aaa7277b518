import { Stack, Text } from '@mantine/core'
import { Inline } from './outside-text'
import { type Piece, wordPieces } from './word-pieces'

/** One difference between what was approved and what is there. */
export interface Differing {
  readonly at: string
  readonly was: string
  readonly is: string
}

const mostShown = 100
const mostOpen = 5

/** The facts of a finding that are differences; null where they are of another shape. */
export function differencesIn(value: unknown): Differing[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  return value.every(isDiffering) ? value : null
}

function isDiffering(value: unknown): value is Differing {
  const { at, was, is } = Object(value)
  return typeof at === 'string' && typeof was === 'string' && typeof is === 'string'
}

/** Differences one after the other, each to fold away: what was beside what is, with the words marked that differ. Sign, caption and line under a word say it without colour. */
export function WhatDiffers({ differences }: { differences: readonly Differing[] }) {
  return (
    <Stack gap="xs">
      {differences.slice(0, mostShown).map(({ at, was, is }, index) => {
        const pieces = wordPieces(was, is)
        return (
          <details key={`${at} ${was} ${is}`} open={index < mostOpen}>
            <summary>
              <Inline>{at}</Inline>
            </summary>
            <figure className="difference" aria-label="What differs">
              <div className="difference-pair">
                <Side sign="-" caption="was" pieces={pieces.was} />
                <Side sign="+" caption="is" pieces={pieces.is} />
              </div>
            </figure>
          </details>
        )
      })}
      {differences.length > mostShown && (
        <Text size="sm">And {differences.length - mostShown} more in the record.</Text>
      )}
    </Stack>
  )
}

function Side({ sign, caption, pieces }: { sign: '-' | '+'; caption: string; pieces: readonly Piece[] }) {
  const Whole = sign === '-' ? 'del' : 'ins'
  return (
    <div className="difference-side" data-sign={sign}>
      <div className="difference-caption">{caption}</div>
      <div className="difference-line">
        <span aria-hidden="true">{sign === '-' ? '−' : sign}</span>
        <Whole>
          {pieces.map(({ text, differs }, index) =>
            differs ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
              <mark key={index}>
                <Inline>{text}</Inline>
              </mark>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
              <Inline key={index}>{text}</Inline>
            ),
          )}
        </Whole>
      </div>
    </div>
  )
}
