"""The style sheet of the HTML page. Its hash is the only style the page's policy lets in."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--paper:#ffffff;--panel:#f5f6f8;--ink:#1b1f24;--soft:#55606d;
--line:#d5dae1;--link:#0b5cad;--critical:#a30b2e;--high:#b3340c;--medium:#7a5200;--low:#1f5fa8;
--info:#55606d;--good:#17693a;--warn:#7a5200;--hot:#b4122f;--dot:#1f5fa8;--edge:#9aa5b3;
--code:#eceff3;--unknown:#fff3d6}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--panel:#1d2228;--ink:#e7eaee;
--soft:#a9b3bf;--line:#39424d;--link:#7db7f2;--critical:#ff8fa3;--high:#ff9f78;--medium:#f0c060;
--low:#8cc0f5;--info:#a9b3bf;--good:#79d39b;--warn:#f0c060;--hot:#ff8095;--dot:#8cc0f5;
--edge:#5d6875;--code:#262c34;--unknown:#3a3016}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.page{max-width:70rem;margin:0 auto;padding:0 1.25rem 4rem}
.skip{position:absolute;left:-999px;top:0;padding:.5rem 1rem;background:var(--paper);
color:var(--link);z-index:2}
.skip:focus{left:.5rem;top:.5rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
h1,h2,h3,h4{line-height:1.25;text-wrap:balance}
h1{font-size:1.1rem;font-weight:600;color:var(--soft);margin:2rem 0 .25rem}
h2{font-size:1.45rem;margin:3rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:1.75rem 0 .5rem}
p{margin:.4rem 0;max-width:48rem}
h2,h3,p,dt,dd,li,td,th,summary,figcaption{overflow-wrap:anywhere}
bdi,code{unicode-bidi:isolate}
code,.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
font-size:.875em;overflow-wrap:anywhere}
code{background:var(--code);padding:.1em .3em;border-radius:4px}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.lead{font-size:1.55rem;line-height:1.3;font-weight:650;margin:.25rem 0 .5rem;max-width:none}
.state{display:inline-block;font-weight:700;font-size:.85rem;letter-spacing:.04em;
padding:.2rem .6rem;border:2px solid;border-radius:6px}
.state-complete{color:var(--good)}
.state-incomplete{color:var(--warn)}
.chips{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0}
.chips li{border:1px solid var(--line);border-radius:8px;background:var(--panel);
padding:.35rem .75rem}
.chips b{font-size:1.15rem;margin-right:.25rem;font-variant-numeric:tabular-nums}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;padding:0;margin:1rem 0 0}
.sev{font-weight:700;font-size:.75rem;letter-spacing:.05em;text-transform:uppercase;
border:1.5px solid;border-radius:5px;padding:.05rem .4rem;white-space:nowrap}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}
.low{color:var(--low)}.info{color:var(--info)}
details{border:1px solid var(--line);border-radius:8px;margin:.5rem 0;background:var(--paper)}
summary{cursor:pointer;padding:.6rem .9rem;border-radius:8px}
summary:hover{background:var(--panel)}
summary .title{font-weight:650}
summary .at{display:block;color:var(--soft);font-size:.875rem;margin-top:.1rem}
details[open]>summary{border-bottom:1px solid var(--line);border-radius:8px 8px 0 0}
.inside{padding:.25rem .9rem .9rem}
dl.facts{display:grid;grid-template-columns:9.5rem minmax(0,1fr);gap:.45rem 1rem;margin:.6rem 0}
dl.facts dt{color:var(--soft);font-size:.875rem;padding-top:.1rem}
dl.facts dd{margin:0;max-width:48rem}
dl.facts ol,dl.facts ul{margin:0;padding-left:1.2rem}
dl.facts li+li{margin-top:.35rem}
.excerpt{display:block;background:var(--code);border-left:3px solid var(--edge);
padding:.35rem .6rem;margin:.25rem 0;border-radius:0 4px 4px 0}
.todo{font-weight:600}
.scroll{overflow-x:auto;margin:.5rem 0;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.925rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:.6rem .75rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-top:1px solid var(--line);
min-width:7rem}
thead th{font-size:.8rem;color:var(--soft);background:var(--panel);border-top:0}
tbody th{font-weight:650}
.lv{display:inline-block;border:1px solid var(--edge);border-radius:5px;padding:0 .35rem;
margin:0 .15rem .2rem 0;font-size:.85rem;white-space:nowrap}
.lv-danger{border-color:var(--hot);color:var(--hot);font-weight:650}
.lv-weak{border-style:dashed}
.kind{display:block;color:var(--soft);font-size:.85rem;font-weight:400}
.unknown{background:var(--unknown)}
.bad{color:var(--hot);font-weight:600}
.union{background:var(--panel)}
figure{margin:1rem 0}
figcaption{color:var(--soft);font-size:.875rem;margin-top:.4rem;max-width:48rem}
svg{display:block;width:100%;min-width:56rem;height:auto}
svg text{fill:var(--ink);font-size:13px;unicode-bidi:isolate}
svg .sub{fill:var(--soft);font-size:11px}
svg .head{fill:var(--soft);font-size:11px;text-anchor:middle}
svg .column{fill:var(--soft);font-size:11px;font-weight:700;letter-spacing:.06em}
svg .box{fill:var(--panel);stroke:var(--edge);stroke-width:1}
svg .box-hot{stroke:var(--hot);stroke-width:2}
svg .box-unknown{fill:var(--unknown);stroke-dasharray:5 3}
svg .edge{fill:none;stroke:var(--edge);stroke-width:1;opacity:.75}
svg .edge-hot{stroke:var(--hot);stroke-width:1.75;opacity:1}
svg .arc{fill:none;stroke:var(--hot);stroke-width:2.25}
svg .tip{fill:var(--hot)}
svg .badge{fill:var(--paper);stroke:var(--hot);stroke-width:1.5}
svg .number{fill:var(--hot);font-size:11px;font-weight:700;text-anchor:middle}
svg .grid{stroke:var(--line);stroke-width:1}
svg .dot{fill:var(--dot);stroke:var(--dot);stroke-width:2}
svg .dot-danger{fill:var(--hot);stroke:var(--hot)}
svg .dot-weak{fill:var(--paper);stroke-dasharray:3 2}
svg .ask{fill:var(--warn);font-size:12px;font-style:italic}
ol.flows{padding-left:1.4rem}
ol.flows>li{margin:.9rem 0}
ol.path{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem;padding:0;margin:.4rem 0}
ol.path li{display:flex;align-items:center;gap:.4rem;min-width:0;max-width:100%}
ol.path li+li::before{content:"→" / "then";color:var(--hot);font-weight:700}
.hop{border:1.5px solid var(--hot);border-radius:8px;padding:.25rem .6rem;min-width:0}
.hop .small{display:block;color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.875rem;color:var(--soft);
list-style:none;padding:0}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem;color:var(--soft);
font-size:.875rem}
@media (max-width:40rem){.page{padding:0 .9rem 3rem}.lead{font-size:1.25rem}
dl.facts{grid-template-columns:minmax(0,1fr);gap:.1rem}dl.facts dd{margin-bottom:.5rem}
.stack thead{position:absolute;left:-999px}
.stack tr{display:block;border-top:1px solid var(--line);padding:.5rem 0}
.stack th,.stack td{display:block;border:0;padding:.15rem .75rem;min-width:0}
.stack td::before{content:attr(data-label) ": ";color:var(--soft);font-size:.8rem}
.stack caption{display:block}}
@media print{body{font-size:10pt}nav,.skip{display:none}.page{max-width:none;padding:0}
details{break-inside:avoid}details::details-content{content-visibility:visible;display:block}
h2,h3{break-after:avoid}.scroll{overflow:visible;border:0}svg{min-width:0}
a{color:inherit;text-decoration:none}}
"""
