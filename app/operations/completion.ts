import { z } from 'zod'
import { defineOperation } from './operation.ts'

/** What a shell needs to complete commands, options and their values. */
export const completion = defineOperation({
  id: 'completion',
  summary: 'print what your shell needs to complete commands and options',
  effect: 'read',
  role: 'viewer',
  at: 'terminal',
  input: z.strictObject({ shell: z.enum(['bash', 'zsh', 'fish']).describe('Your shell') }),
  output: z.strictObject({ script: z.string() }),
  cli: {
    verb: 'completion',
    positionals: ['shell'],
    listed: 'rest',
    examples: [
      {
        command: 'upkeep completion bash',
        says: 'in this shell: source <(upkeep completion bash); zsh takes the same',
      },
      {
        command: 'upkeep completion fish',
        says: 'kept as ~/.config/fish/completions/upkeep.fish, in every shell to come',
      },
    ],
  },
  async run(context, { shell }) {
    const script = await context.acts.completion(shell)
    return { output: { script }, text: () => script }
  },
})
