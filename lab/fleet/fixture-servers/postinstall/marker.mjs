// Would run on installation. Writes a file that tests look for, nothing else.
import { writeFileSync } from 'node:fs'

writeFileSync(new URL('POSTINSTALL_RAN', import.meta.url), 'a script of a package ran when it was installed\n')
