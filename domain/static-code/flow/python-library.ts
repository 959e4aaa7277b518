import type { Language } from './language.ts'

const verbs = '(?:get|post|put|delete|patch|head|options)'

/** What is known of Python's own modules and of the packages that servers use most. */
export const pythonLibrary: Language = {
  id: 'python',
  sinks: [
    {
      name: /^(?:os\.(?:system|popen)|subprocess\.(?:getoutput|getstatusoutput)|commands\.getoutput|asyncio\.create_subprocess_shell|asyncio\.subprocess\.create_subprocess_shell|paramiko\.(?:client\.)?SSHClient\(\)\.exec_command|fabric\.Connection\(\)\.(?:run|sudo|local)|pexpect\.(?:spawn|run))$/,
      kind: 'command',
      at: [0, 'cmd', 'command'],
    },
    {
      name: /^(?:subprocess\.(?:run|call|check_call|check_output|Popen)|asyncio\.create_subprocess_exec|os\.(?:execv|execl|execvp|execlp|spawnl|spawnv|posix_spawn)|pty\.spawn)$/,
      kind: 'command',
      at: [0, 1, 'args'],
      only: 'shell',
    },
    {
      name: /^(?:eval|exec|compile|__import__|importlib\.import_module|pickle\.loads?|dill\.loads?|marshal\.loads|yaml\.(?:unsafe_load|full_load))$/,
      kind: 'code',
      at: [0],
    },
    { name: /^yaml\.(?:load|load_all)$/, kind: 'code', at: [0], only: 'unsafe-loader' },
    {
      name: /^(?:zipfile\.ZipFile|tarfile\.(?:open|TarFile)|(?:zipfile\.ZipFile|tarfile\.(?:open|TarFile))\(\)\.extractall)$/,
      kind: 'path',
      at: [0, 'file', 'name', 'path'],
    },
    { name: /^(?:zipfile\.ZipFile|tarfile\.(?:open|TarFile))\(\)\.extract$/, kind: 'path', at: [0, 1, 'path'] },
    {
      name: /^(?:open|io\.open|codecs\.open|aiofiles\.open|os\.(?:open|remove|unlink|rmdir|removedirs|listdir|scandir|walk|mkdir|makedirs|chmod|truncate)|shutil\.rmtree|glob\.glob)$/,
      kind: 'path',
      at: [0, 'file', 'path'],
    },
    {
      name: /^(?:os\.(?:rename|replace|link|symlink)|shutil\.(?:copy|copy2|copyfile|copytree|move))$/,
      kind: 'path',
      at: [0, 1, 'src', 'dst'],
    },
    {
      name: new RegExp(
        `^(?:requests|requests\\.[Ss]ession\\(\\)|httpx|httpx\\.(?:Async)?Client\\(\\)|aiohttp\\.ClientSession\\(\\)|urllib3\\.PoolManager\\(\\))\\.${verbs}$`,
      ),
      kind: 'url',
      at: [0, 'url'],
    },
    {
      name: /^(?:requests|requests\.[Ss]ession\(\)|httpx|httpx\.(?:Async)?Client\(\)|aiohttp|aiohttp\.ClientSession\(\)|urllib3\.PoolManager\(\))\.(?:request|stream)$/,
      kind: 'url',
      at: [1, 'url'],
    },
    {
      name: /^(?:urllib\.request\.(?:urlopen|urlretrieve)|http\.client\.HTTPS?Connection)$/,
      kind: 'url',
      at: [0, 'url'],
    },
  ],
  receiverSinks: new Map([
    ['read_text', 'path'],
    ['read_bytes', 'path'],
    ['write_text', 'path'],
    ['write_bytes', 'path'],
    ['unlink', 'path'],
    ['rmdir', 'path'],
    ['iterdir', 'path'],
  ]),
  transforms: [
    { name: /^os\.path\.(?:abspath|realpath|normpath)$/, gives: 'resolved' },
    { name: /^os\.path\.join$/, gives: 'path' },
    { name: /^os\.path\.relpath$/, gives: 'relative' },
    { name: /^os\.path\.commonp(?:ath|refix)$/, gives: 'relative' },
    { name: /^os\.path\.basename$|^(?:werkzeug\.utils\.)?secure_filename$/, gives: 'name-only' },
    { name: /^(?:pathlib\.)?(?:Path|PurePath|PosixPath|PurePosixPath)$/, gives: 'path' },
    { name: /^(?:urllib\.parse\.)?(?:urlparse|urlsplit)$|^(?:httpx|yarl)\.URL$/, gives: 'address' },
    { name: /^urllib\.parse\.(?:quote|quote_plus|urlencode)$/, gives: 'url-safe' },
    { name: /^(?:shlex\.(?:quote|join)|pipes\.quote)$/, gives: 'command-safe' },
    {
      name: /^(?:int|float|bool|len|uuid\.UUID|datetime\..*|math\..*|isinstance|type|hash|id|ord|ipaddress\..*|decimal\.Decimal|Decimal)$/,
      gives: 'plain',
    },
    {
      name: /^(?:str|bytes|bytearray|list|dict|tuple|set|sorted|reversed|iter|next|repr|json\.(?:loads|dumps)|os\.path\.(?:expanduser|expandvars|dirname)|base64\.(?:b64decode|b64encode|urlsafe_b64decode)|urllib\.parse\.(?:unquote|urljoin)|urllib\.request\.Request|shlex\.split|textwrap\.dedent|copy\.(?:copy|deepcopy)|typing\.cast|cast|io\.(?:StringIO|BytesIO))$/,
      gives: 'same',
    },
    { name: /\.(?:model_validate|parse_obj|model_validate_json)$/, gives: 'same' },
  ],
  globals: new Set(['open', 'eval', 'exec', 'compile', '__import__']),
}
