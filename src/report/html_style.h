// The one style of all HTML pages. Colours are variables, for light, dark and print; nothing is loaded.

#pragma once

#include "report/html_out.h"

namespace trama {

constexpr HtmlWord kHtmlStyle = R"css(
:root{color-scheme:light dark;--back:#fff;--text:#1d2126;--soft:#5b6470;--line:#dfe3e8;--panel:#f6f7f9;--link:#0b5cad;
--good:#2f7d5b;--plain:#4a76a8;--quiet:#a9b2bd;--warning:#b7791f;--bad:#b3423a;--empty:#e9ecf0}
@media (prefers-color-scheme:dark){:root{--back:#15181c;--text:#e3e6ea;--soft:#9aa4b0;--line:#2d333b;--panel:#1c2026;--link:#7fb3ea;
--good:#5bb08a;--plain:#7fa6d3;--quiet:#5a6471;--warning:#d6a24a;--bad:#dd7d75;--empty:#272c33}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main,header,footer{max-width:76rem;margin:0 auto;padding:0 2rem}
header{padding-top:2.5rem}
h1{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;line-height:1.3;font-weight:650;margin:2.75rem 0 .75rem}
h3{font-size:1rem;font-weight:650;margin:1.75rem 0 .4rem;overflow-wrap:anywhere}
h3 small,th small{font-weight:400;color:var(--soft)}
p{margin:.4rem 0;max-width:46rem;overflow-wrap:anywhere}
header p{color:var(--soft)}
p.verdict{font-size:1.1rem;color:var(--text);margin-top:.9rem}
p.verdict[class*=is-]{border-left:.35rem solid var(--quiet);padding:.15rem 0 .15rem .9rem;font-size:1.25rem;line-height:1.4;font-weight:550;margin-bottom:.8rem}
p.is-good{border-color:var(--good)!important}p.is-warning{border-color:var(--warning)!important}p.is-bad{border-color:var(--bad)!important}
header p.next{color:var(--text);margin-top:.9rem}
header>ul,header>figure{margin-top:1rem}
pre{margin:.5rem 0;padding:.7rem .9rem;background:var(--panel);border-radius:5px;max-width:60rem;overflow-x:auto}
pre code{background:none;padding:0;white-space:pre-wrap;overflow-wrap:anywhere}
pre.command{border:1px solid var(--line);max-width:46rem}
pre.command code{font-size:.95em;color:var(--text);-webkit-user-select:all;user-select:all}
p.note,p.more{color:var(--soft);font-size:.9em}
td p.note{font-size:.96em}
a{color:var(--link);text-underline-offset:.15em}
code{font:.875em/1.45 ui-monospace,"SFMono-Regular",Menlo,Consolas,"Liberation Mono",monospace;background:var(--panel);border-radius:3px;padding:.08em .3em;overflow-wrap:anywhere;white-space:pre-wrap;-webkit-box-decoration-break:clone;box-decoration-break:clone}
ul{margin:.4rem 0;padding-left:1.2rem;max-width:46rem}
li{margin:.15rem 0;overflow-wrap:anywhere}
nav{margin-top:1.1rem;font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;max-width:none}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.92rem;font-variant-numeric:tabular-nums lining-nums}
th,td{text-align:left;vertical-align:top;padding:.55rem 1.1rem .55rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:500;color:var(--soft);font-size:.92em;border-bottom-color:var(--quiet)}
tbody th{font-weight:600}
th.n,td.n{text-align:right;white-space:nowrap}
td p,td ul{margin:.15rem 0;max-width:40rem}
td p:first-child{margin-top:0}
td p+p{margin-top:.35rem}
table.entries{width:auto;min-width:16rem;max-width:46rem}
table.columns th[scope=row]{width:17%}table.columns td:nth-child(2){width:25%}table.columns td:nth-child(4){width:24%}
table.changes{table-layout:fixed}table.changes th:first-child{width:28%}
table.paths th[scope=row]{width:22%}table.paths td:nth-child(2){width:8.5rem}table.paths td:nth-child(3){width:9rem}table.paths td:nth-child(4){width:6.5rem}
ul.bars{list-style:none;padding:0;max-width:46rem;font-size:.92rem;font-variant-numeric:tabular-nums lining-nums}
ul.bars li{display:grid;grid-template-columns:minmax(0,38%) minmax(0,1fr) minmax(4rem,max-content);gap:.8rem;align-items:center;margin:.1rem 0}
ul.bars svg{height:.6rem}
ul.bars .n{text-align:right}
dl{margin:0}
dt,dd{margin:0}
dt{color:var(--soft);font-size:.85rem}
dl.facts{display:grid;grid-template-columns:minmax(8rem,max-content) minmax(0,1fr);gap:.35rem 1.4rem;max-width:60rem;font-size:.92rem}
dl.facts dt{font-size:1em}dl.facts dd{overflow-wrap:anywhere}dd p{margin:0 0 .2rem}
.arrow{color:var(--soft)}
.soft{color:var(--soft)}
figure{margin:1.2rem 0;max-width:46rem}
svg{display:block;width:100%;overflow:hidden}
svg.balance{height:1.1rem;border-radius:4px}
svg.trend{height:9rem}
div.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:.85rem;margin-top:.3rem;font-variant-numeric:tabular-nums}
figure:has(svg.trend){max-width:60rem}
.line{fill:var(--text)}
svg.small{height:.45rem;border-radius:2px;max-width:8rem;margin-top:.35rem}
.back{fill:var(--empty)}.good{fill:var(--good)}.plain{fill:var(--plain)}.quiet{fill:var(--quiet)}.warning{fill:var(--warning)}.bad{fill:var(--bad)}
ul.legend{list-style:none;padding:0;margin:.6rem 0 0;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.9rem;font-variant-numeric:tabular-nums}
ul.legend svg{display:inline-block;width:.7rem;height:.7rem;margin-right:.45rem;border-radius:2px;vertical-align:-.03rem}
footer{color:var(--soft);font-size:.85rem;padding-top:2.5rem;padding-bottom:3rem}
@media (max-width:44rem){
main,header,footer{padding-left:1.1rem;padding-right:1.1rem}
header{padding-top:1.5rem}
h1{font-size:1.4rem}
table:not(.entries),table:not(.entries)>tbody,table:not(.entries)>tbody>tr,table:not(.entries)>tbody>tr>th,table:not(.entries)>tbody>tr>td{display:block;width:auto!important}
table:not(.entries) thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table:not(.entries) tr{border-bottom:1px solid var(--line);padding:.7rem 0}
table:not(.entries) th,table:not(.entries) td{border:0;padding:.15rem 0;text-align:left;white-space:normal}
table:not(.entries) td[data-title]::before{content:attr(data-title);display:block;color:var(--soft);font-size:.8rem;margin-top:.25rem}
table:not(.entries) td.nothing{display:none}
dl.facts{grid-template-columns:minmax(0,1fr);gap:0}
dl.facts dd{margin-bottom:.6rem}
ul.bars li{grid-template-columns:minmax(0,1fr) minmax(4rem,max-content);gap:.25rem .8rem;margin-bottom:.6rem}
ul.bars li svg{grid-row:2;grid-column:1/-1}
table.paths>tbody>tr,table.spans>tbody>tr{display:flex;flex-wrap:wrap;gap:0 1rem}
table.spans>tbody>tr>th{flex:1 0 100%}
table.paths>tbody>tr>th,table.paths>tbody>tr>td:last-child{flex:1 0 100%}
table.paths>tbody>tr>td{flex:1 1 0}
table.paths>tbody>tr>td:last-child::before{content:none}
}
@media print{
:root{color-scheme:light;--back:#fff;--text:#000;--soft:#444;--line:#ccc;--panel:#f3f3f3;--link:#000;--good:#2f7d5b;--plain:#4a76a8;--quiet:#a9b2bd;--warning:#b7791f;--bad:#b3423a;--empty:#e9ecf0}
@page{margin:16mm 14mm}
body{font-size:10pt}
main,header,footer{max-width:none;padding-left:0;padding-right:0}
header{padding-top:0}
nav{display:none}
h1{font-size:18pt}h2{font-size:13pt;margin-top:1.6rem}
table{font-size:8.5pt}
th,td{padding-right:.8rem}
table.columns th[scope=row]{width:20%}
h2,h3,h3+p:has(+table){break-after:avoid}
tr,figure,li{break-inside:avoid}
thead{display:table-header-group}
p,li{orphans:3;widows:3}
pre{border:1px solid var(--line);font-size:8.5pt;break-inside:auto}
svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
)css";

}  // namespace trama
