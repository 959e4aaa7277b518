import { Inline } from './outside-text'

interface Block {
  kind: 'same' | 'differs'
  before: string[]
  after: string[]
}

/** Lines of a difference (`-` goes, `+` comes): beside each other where there is room, else one after the other. The sign and the colour say the same. */
export function Difference({ lines }: { lines: readonly string[] }) {
  return (
    <figure className="difference" aria-label="What differs">
      {blocksOf(lines).map((block, index) =>
        block.kind === 'same' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one difference never move.
          <div key={index} className="difference-same">
            <Lines lines={block.before} sign=" " />
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one difference never move.
          <div key={index} className="difference-pair">
            <Lines lines={block.before} sign="-" />
            <Lines lines={block.after} sign="+" />
          </div>
        ),
      )}
    </figure>
  )
}

function Lines({ lines, sign }: { lines: readonly string[]; sign: '-' | '+' | ' ' }) {
  return (
    <div className="difference-side" data-sign={sign}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one difference never move.
        <div key={index} className="difference-line">
          <span aria-hidden="true">{sign === '-' ? '−' : sign}</span>
          {sign === '+' ? (
            <ins>
              <Inline>{line}</Inline>
            </ins>
          ) : sign === '-' ? (
            <del>
              <Inline>{line}</Inline>
            </del>
          ) : (
            <span>
              <Inline>{line}</Inline>
            </span>
          )}
        </div>
      ))}
    </div>
  )
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  for (const line of lines) {
    const sign = line[0] === '-' || line[0] === '+' ? line[0] : ' '
    const block = blockFor(sign, blocks)
    if (sign === '+') block.after.push(line.slice(1))
    else block.before.push(sign === '-' ? line.slice(1) : line)
  }
  return blocks
}

/** The block that a line goes to: the last one where it fits. What goes after something came begins the next pair. */
function blockFor(sign: string, blocks: Block[]): Block {
  const kind = sign === ' ' ? 'same' : 'differs'
  const last = blocks.at(-1)
  if (last?.kind === kind && !(sign === '-' && last.after.length > 0)) return last
  const block: Block = { kind, before: [], after: [] }
  blocks.push(block)
  return block
}
