/** The one style sheet of the report. Its hash stands in the content security policy, so nothing else can style the page. */
export const styleSheet = `
:root{color-scheme:light dark;--bg:#fafaf8;--card:#fff;--ink:#1a1c1e;--soft:#54585d;--line:#d8dadc;--accent:#0b5cad;--code:#f0f1f1;
--fail:#a3241a;--fail-bg:#fbe9e7;--unknown:#744700;--unknown-bg:#fdf0d9;--pass:#1a6633;--pass-bg:#e4f3e8;--plain:#4a4f55;--plain-bg:#eef0f1;
--accepted:#4b3b8f;--accepted-bg:#eeebf9;--mark:rgba(116,71,0,.05)}
@media (prefers-color-scheme:dark){:root{--bg:#141619;--card:#1c1f23;--ink:#e9ebed;--soft:#a7adb4;--line:#353a40;--accent:#7db7f0;--code:#262a2f;
--fail:#ff9c91;--fail-bg:#41201d;--unknown:#f3c069;--unknown-bg:#3d3015;--pass:#86d69d;--pass-bg:#1a3523;--plain:#c1c6cc;--plain-bg:#2a2e33;
--accepted:#bfb2f5;--accepted-bg:#2c2744;--mark:rgba(243,192,105,.06)}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/24px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main,header,footer{max-width:1072px;margin:0 auto;padding:0 16px}
header{padding-top:32px}
h1{font-size:28px;line-height:32px;margin:0 0 8px}
h2{font-size:20px;line-height:24px;margin:48px 0 8px}
h3{font-size:16px;line-height:24px;margin:0 0 8px}
.card h2{margin:0 0 8px}
#sources h3{margin-top:24px}
p{margin:0 0 8px;max-width:62ch}
.meta,th,footer{font-size:13px;color:var(--soft)}
section>.meta{margin-bottom:16px}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:13px}
h3 .mono{font-size:inherit}
code{background:var(--code);border-radius:4px;padding:0 4px}
a code{background:none;padding:0}
.facts code{background:none;padding:0}
dd,li,p,h3,summary,blockquote{overflow-wrap:anywhere}
pre{margin:8px 0;padding:8px;line-height:20px;background:var(--code);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;max-height:480px;overflow:auto}
blockquote{margin:0 0 8px;padding:0 0 0 16px;border-left:2px solid var(--line);color:var(--soft);max-width:62ch}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.stamp{background:var(--unknown-bg);color:var(--unknown);border:2px solid currentColor;padding:8px 16px;font-weight:600;margin:16px 0;max-width:none}
.stamped::before{content:attr(data-stamp);position:fixed;inset:0;display:flex;align-items:center;justify-content:center;text-align:center;
transform:rotate(-24deg);font-size:min(16vw,160px);line-height:1;font-weight:800;color:var(--mark);pointer-events:none;z-index:1;overflow:hidden}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:8px;background:var(--card);padding:8px;z-index:2}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 16px;padding:0;margin:8px 0 0}
nav a{display:inline-block;line-height:32px}
.tiles{list-style:none;display:grid;grid-template-columns:repeat(5,1fr);gap:8px;margin:16px 0;padding:0}
.tile{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--line);border-radius:8px;padding:8px 16px}
.tile a{display:block;color:inherit;font-weight:600;font-size:13px;min-height:24px;text-decoration:none}
.tile a:hover{text-decoration:underline}
.tile b{display:block;font-size:28px;line-height:32px;font-variant-numeric:tabular-nums}
.tile.fail{border-top-color:var(--fail)}.tile.fail a,.tile.fail b{color:var(--fail)}
.tile.unknown{border-top-color:var(--unknown)}.tile.unknown a,.tile.unknown b{color:var(--unknown)}
.tile.pass{border-top-color:var(--pass)}.tile.pass a,.tile.pass b{color:var(--pass)}
.tile.accepted{border-top-color:var(--accepted)}.tile.accepted a,.tile.accepted b{color:var(--accepted)}
.card{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:8px;padding:16px;margin:0 0 16px;break-inside:avoid}
.card>:last-child{margin-bottom:0}
.card.fail{border-left-color:var(--fail)}.card.unknown{border-left-color:var(--unknown)}.card.accepted{border-left-color:var(--accepted)}
.empty{border-left-color:var(--accent)}
.next{display:grid;grid-template-columns:max-content 1fr;gap:8px 16px;margin:16px 0 0}
.next dd{margin:0}
.badges,.lead{max-width:none}.badges strong{font-size:13px;margin-right:8px}
.word{display:inline-block;font-size:13px;line-height:24px;font-weight:600;border-radius:4px;padding:0 8px;margin-right:8px;white-space:nowrap}
.word>span,.tile a>span{-webkit-text-stroke:1px currentColor}
.word.fail{color:var(--fail);background:var(--fail-bg)}.word.unknown{color:var(--unknown);background:var(--unknown-bg)}
.word.pass{color:var(--pass);background:var(--pass-bg)}.word.plain{color:var(--plain);background:var(--plain-bg)}
.word.accepted{color:var(--accepted);background:var(--accepted-bg)}
.badges .due{border-bottom:2px solid var(--fail)}
.do strong{color:var(--accent);margin-right:8px}
details{margin:8px 0}
summary{cursor:pointer;line-height:24px;padding:4px 0}
.finding{border-top:1px solid var(--line);padding-top:8px;margin-top:8px}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--card);margin-bottom:8px}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:20px}
th,td{text-align:left;vertical-align:top;padding:8px;border-bottom:1px solid var(--line)}
th{white-space:nowrap}
td{overflow-wrap:break-word}
tr:last-child td{border-bottom:0}
.servers td:nth-child(-n+3),.changes td:not(:last-child),.duties td:not(:first-child){white-space:nowrap}
.servers .version{min-width:160px}
.changes td:last-child{width:60%}
.proof{min-width:320px}
.path{overflow-wrap:anywhere}
td .path{display:inline-block;min-width:208px}
.version,.num{font-variant-numeric:tabular-nums}
th.num,td.num{text-align:right}
ul.plain{margin:8px 0;padding-left:24px;max-width:72ch}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 16px;margin:8px 0;font-size:13px}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
footer{border-top:1px solid var(--line);margin-top:48px;padding-top:16px;padding-bottom:32px}
details :target{outline:3px solid var(--accent);outline-offset:4px;border-radius:8px;scroll-margin-top:64px}
@media screen and (max-width:720px){.tiles{grid-template-columns:repeat(2,1fr)}.tile:first-child{grid-column:1/-1}
table,thead,tbody,tr,td{display:block}thead{position:absolute;left:-999px}tr{border-bottom:1px solid var(--line);padding:8px 0}tr:last-child{border-bottom:0}
td,.changes td:last-child{border:0;padding:0 8px;width:auto;min-width:0;overflow-wrap:anywhere;white-space:normal!important}
td[data-name]::before{content:attr(data-name) ": ";color:var(--soft)}td .path{display:inline;min-width:0}th.num,td.num{text-align:left}
dl.facts,.next{grid-template-columns:1fr;gap:0}dl.facts dd,.next dd{margin-bottom:8px}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--code:#fff;--mark:rgba(0,0,0,.06)}nav,.skip,#sources,.card details{display:none}
body{font-size:11pt;line-height:1.4}main,header,footer{max-width:none;padding:0}h2{margin-top:24px;break-after:avoid}
.tiles{grid-template-columns:repeat(5,1fr)}.scroll{overflow:visible}table,td .mono,td .word{font-size:8pt;line-height:1.4}th,td .meta{font-size:8pt}th,td{padding:4px}td .path,.servers .version{min-width:120px}.proof{min-width:0}tr{break-inside:avoid}a{color:inherit;text-decoration:none}.word{border:1px solid currentColor}
@page{margin:18mm 15mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9pt}}}
`
