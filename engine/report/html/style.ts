/** The one style sheet of the report. Its hash stands in the content security policy, so nothing else can style the page. */
export const styleSheet = `
:root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1b1d1f;--soft:#55595e;--line:#d9dbdd;--accent:#0b5cad;
--fail:#a8261b;--fail-bg:#fbeae8;--unknown:#7a4b00;--unknown-bg:#fdf1dc;--pass:#1c6b36;--pass-bg:#e6f4ea;--plain:#4a4f55;--plain-bg:#eef0f1;
--accepted:#4b3b8f;--accepted-bg:#eeebf9}
@media (prefers-color-scheme:dark){:root{--bg:#15171a;--card:#1d2024;--ink:#eceef0;--soft:#a9afb6;--line:#363b41;--accent:#7db7f0;
--fail:#ff9c91;--fail-bg:#40201d;--unknown:#f3c069;--unknown-bg:#3c2f14;--pass:#86d69d;--pass-bg:#1a3523;--plain:#c1c6cc;--plain-bg:#2a2e33;
--accepted:#bfb2f5;--accepted-bg:#2c2744}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main,header,footer{max-width:1040px;margin:0 auto;padding:0 16px}
header{padding-top:32px}
h1{font-size:28px;line-height:1.2;margin:0 0 8px}
h2{font-size:20px;line-height:1.3;margin:48px 0 16px}
h3{font-size:16px;margin:0}
#sources h3{margin-top:24px}
p{margin:0 0 8px;max-width:75ch}
small,.soft,.meta,th,footer{font-size:13px;color:var(--soft)}
code,pre,.mono{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code,td,dd,li,p,h3,summary{overflow-wrap:anywhere}
pre{margin:8px 0;padding:8px;background:var(--plain-bg);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;max-height:480px;overflow:auto}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.stamp{background:var(--unknown-bg);color:var(--unknown);border:2px solid currentColor;padding:8px 16px;font-weight:600;margin:16px 0}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:8px;background:var(--card);padding:8px;z-index:1}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:8px 16px;padding:0;margin:16px 0 0}
nav a{display:inline-block;min-height:24px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:8px;margin:16px 0;padding:0}
.tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 16px}
.tiles dt{font-size:13px;color:var(--soft)}
.tiles dd{margin:0;font-size:28px;line-height:1.3;font-variant-numeric:tabular-nums}
.card{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:8px;padding:16px;margin:0 0 16px;break-inside:avoid}
.card.fail{border-left-color:var(--fail)}.card.unknown{border-left-color:var(--unknown)}.card.pass{border-left-color:var(--pass)}
.card.accepted{border-left-color:var(--accepted)}
.word{display:inline-block;font-size:13px;font-weight:600;border-radius:4px;padding:0 8px;white-space:nowrap}
.word.fail{color:var(--fail);background:var(--fail-bg)}.word.unknown{color:var(--unknown);background:var(--unknown-bg)}
.word.pass{color:var(--pass);background:var(--pass-bg)}.word.plain{color:var(--plain);background:var(--plain-bg)}
.word.accepted{color:var(--accepted);background:var(--accepted-bg)}
.do{border-top:1px solid var(--line);margin-top:8px;padding-top:8px}
.do strong{color:var(--accent)}
details{margin:8px 0}
summary{cursor:pointer;min-height:24px;padding:4px 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;vertical-align:top;padding:8px;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
.tight{white-space:nowrap}
td:first-child{min-width:112px}
.num{text-align:right;font-variant-numeric:tabular-nums}
ul.plain{margin:8px 0;padding-left:24px}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:0 16px;margin:8px 0;font-size:13px}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
footer{border-top:1px solid var(--line);margin-top:48px;padding-top:16px;padding-bottom:32px}
details :target{outline:3px solid var(--accent);outline-offset:4px;border-radius:8px;scroll-margin-top:64px}
@media (max-width:640px){table,thead,tbody,tr,td{display:block}thead{position:absolute;left:-999px}tr{border-bottom:1px solid var(--line);padding:8px 0}
td{border:0;padding:2px 8px}td[data-name]::before{content:attr(data-name) ": ";color:var(--soft)}.num{text-align:left}
dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:4px}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999}nav,.skip{display:none}body{font-size:11pt}main,header,footer{max-width:none}
pre{max-height:none}.card{border-color:#999}a{color:inherit;text-decoration:none}.word{border:1px solid currentColor}
@page{margin:18mm 15mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9pt}}}
`
