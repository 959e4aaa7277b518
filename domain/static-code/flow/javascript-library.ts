import type { Language } from './language.ts'

const fileNames =
  'readFile|readFileSync|writeFile|writeFileSync|appendFile|appendFileSync|createReadStream|createWriteStream|unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|readdir|readdirSync|opendir|opendirSync|open|openSync|truncate|truncateSync|chmod|chmodSync|chown|chownSync|mkdir|mkdirSync|readJson|readJsonSync|readJSON|writeJson|writeJsonSync|outputFile|outputFileSync|remove|removeSync|emptyDir'
const twoPaths =
  'copyFile|copyFileSync|rename|renameSync|cp|cpSync|link|linkSync|symlink|symlinkSync|copy|copySync|move|moveSync'
const fileModules = '(?:fs|fs\\.promises|fs\\/promises|fs-extra|graceful-fs)'
const verbs = '(?:get|post|put|delete|patch|head|options|request|stream|fetch)'

/** What is known of Node's own modules and of the packages that servers use most. */
export const javascriptLibrary: Language = {
  id: 'javascript',
  sinks: [
    { name: /^child_process\.(?:exec|execSync)$/, kind: 'command', at: [0] },
    {
      name: /^(?:shelljs\.exec|execa\.execaCommand|execa\.execaCommandSync|execa\.command)$/,
      kind: 'command',
      at: [0],
    },
    {
      name: /^(?:child_process\.(?:spawn|spawnSync|execFile|execFileSync|fork)|execa(?:\.execa|\.execaSync|\.sync)?|cross-spawn(?:\.sync|\.spawn)?|node-pty\.spawn)$/,
      kind: 'command',
      at: [0, 1],
      only: 'shell',
    },
    {
      name: /^(?:eval|Function|globalThis\.eval|vm\.(?:runInNewContext|runInThisContext|runInContext|Script|compileFunction|SourceTextModule))$/,
      kind: 'code',
      at: [0, 1, 2],
    },
    { name: /^(?:require|import)$/, kind: 'code', at: [0] },
    { name: new RegExp(`^${fileModules}\\.(?:${fileNames})$`), kind: 'path', at: [0] },
    { name: new RegExp(`^${fileModules}\\.(?:${twoPaths})$`), kind: 'path', at: [0, 1] },
    {
      name: /^(?:Bun\.file|Deno\.(?:readFile|readTextFile|writeFile|writeTextFile|remove|open|readDir)(?:Sync)?)$/,
      kind: 'path',
      at: [0],
    },
    { name: /^(?:globalThis\.)?fetch$/, kind: 'url', at: [0] },
    {
      name: /^(?:node-fetch|cross-fetch|ky|got|axios|needle|undici\.(?:fetch|request|stream)|isomorphic-fetch|phin|bent)$/,
      kind: 'url',
      at: [0],
      only: 'address',
    },
    {
      name: new RegExp(`^(?:axios|axios\\.create\\(\\)|got|ky|needle|superagent)\\.${verbs}$`),
      kind: 'url',
      at: [0],
      only: 'address',
    },
    {
      name: /^(?:http|https|follow-redirects\.https?)\.(?:get|request)$|^http2\.connect$/,
      kind: 'url',
      at: [0],
      only: 'address',
    },
  ],
  receiverSinks: new Map(),
  transforms: [
    {
      name: /^path\.(?:posix\.|win32\.)?resolve$|^(?:fs|fs\.promises|fs\/promises)\.realpath(?:Sync)?$|^path\.(?:posix\.|win32\.)?normalize$/,
      gives: 'resolved',
    },
    { name: /^path\.(?:posix\.|win32\.)?join$/, gives: 'joined-path' },
    { name: /^path\.(?:posix\.|win32\.)?relative$/, gives: 'relative' },
    { name: /^path\.(?:posix\.|win32\.)?basename$|^sanitize-filename$/, gives: 'name-only' },
    { name: /^(?:URL|url\.URL|url\.parse)$/, gives: 'address' },
    { name: /^(?:encodeURIComponent|querystring\.(?:escape|stringify)|URLSearchParams)$/, gives: 'url-safe' },
    { name: /^(?:shell-quote\.quote|shell-escape|shescape\.quote|shellwords\.escape)$/, gives: 'command-safe' },
    {
      name: /^(?:Number|parseInt|parseFloat|Boolean|BigInt|isNaN|Number\..*|Math\..*|Date|path\.(?:extname|isAbsolute)|Array\.isArray)$/,
      gives: 'plain',
    },
    {
      name: /^(?:String|JSON\.(?:stringify|parse)|decodeURI(?:Component)?|encodeURI|Buffer\.(?:from|concat)|Array\.from|Array\.of|Object\.(?:values|entries|assign|fromEntries|keys)|Promise\.(?:resolve|all)|structuredClone|url\.(?:fileURLToPath|pathToFileURL|format)|util\.format|path\.(?:dirname|toNamespacedPath|format)|atob|btoa|Request)$/,
      gives: 'same',
    },
    { name: /\.(?:parse|parseAsync|safeParse|safeParseAsync|validateSync)$/, gives: 'same' },
  ],
  globals: new Set(['eval', 'Function', 'require', 'import', 'fetch', 'globalThis', 'Bun', 'Deno']),
}
