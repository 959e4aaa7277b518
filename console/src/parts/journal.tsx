import type { Output } from '../api/client'
import { Inline } from './outside-text'
import { Moment } from './time'

/** The steps of a change as they were recorded, the last one at the end. A new one is told to whoever does not see it. */
export function Journal({ lines }: { lines: Output<'changes'>['journal'] }) {
  return (
    <div role="log" aria-label="Its steps">
      <ol className="journal">
        {lines.map(({ at, is, says }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a change never move.
          <li key={index} data-is={is}>
            <Moment at={at} />
            <span>
              <Inline>{says}</Inline>
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
