import type { Session } from '../session.ts'
import type { Checkpoints } from '../store.ts'

export function checkpoints({ db, write }: Session): Checkpoints {
  const all = () => db.selectFrom('checkpoints').select(['size', 'root', 'at', 'note'])
  return {
    append: async ({ size, root, at, note }) => {
      await write((writer) => writer.insertInto('checkpoints').values({ size, root, at, note }).execute())
    },
    latest: async () => (await all().orderBy('seq', 'desc').limit(1).executeTakeFirst()) ?? null,
    list: () => all().orderBy('seq').execute(),
  }
}
