/**
 * The whole look: system fonts, one column, colours as variables so that dark and paper change values only.
 * Text has a contrast of at least 4.5 to what is behind it, in light and in dark.
 */
export const style = `
:root{color-scheme:light dark;
--page:#f6f7f9;--card:#fff;--ink:#18212c;--soft:#566273;--line:#dfe4ea;--faint:#eef1f4;--code:#f3f5f7;
--bad:#b3261e;--warn:#8a5300;--good:#1a6b3c;--accent:#22558f;
--k0:#c8372d;--k1:#e39130;--k2:#7a4fa8;--k3:#2e72b8;--kx:#7f8a98;
--ready:#5aa97a;--running:#a9d3b8;--pending:#c3cad3;--notready:#e8b04a;--stop:#9fb0c6;--hatch:#00000038;
--add:#e4f5ea;--del:#fdebe9}
@media (prefers-color-scheme:dark){:root{
--page:#11151a;--card:#181d24;--ink:#e6eaf0;--soft:#a3afbe;--line:#2c343f;--faint:#212832;--code:#12171d;
--bad:#ff8f85;--warn:#f2bd6a;--good:#7fd3a0;--accent:#8dbdf5;
--k0:#f0695f;--k1:#efa851;--k2:#b18ce0;--k3:#6ba9ea;--kx:#8b97a6;
--ready:#3f8f60;--running:#2f5c44;--pending:#4a5563;--notready:#c08a2a;--stop:#5a6d86;--hatch:#00000066;
--add:#163322;--del:#3f1d1b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,.head,.foot{max-width:66rem;margin:0 auto;padding:0 1.5rem}
.head{padding-top:2.75rem}
.kicker{margin:0;color:var(--soft);font-size:.8125rem;letter-spacing:.02em}
h1{margin:.35rem 0 .5rem;font-size:2rem;line-height:1.2;letter-spacing:-.015em;font-weight:650}
h2 .status{margin-left:.5rem;vertical-align:.25em;letter-spacing:0}
h2{margin:2.5rem 0 1rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;font-weight:650}
h3{margin:2.25rem 0 .6rem;font-size:1.125rem;line-height:1.35;font-weight:650}
h4{margin:1.4rem 0 .4rem;font-size:1rem;font-weight:650}
p{margin:.5rem 0}
a{color:var(--accent)}
.summary{font-size:1.1875rem;line-height:1.5;margin:.9rem 0 1.4rem;max-width:52rem}
.summary p{margin:.4rem 0}
.meta{color:var(--soft);font-size:.875rem;margin:0}
nav ol{margin:1rem 0 0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;font-size:.875rem}
.status{display:inline-block;padding:.1rem .6rem;border-radius:1rem;font-size:.8125rem;font-weight:600;border:1px solid currentColor;white-space:nowrap}
.status.explained,.status.partly-explained,.status.unexplained,.error{color:var(--bad)}
.status.undecided,.warning{color:var(--warn)}
.status.healthy{color:var(--good)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0;padding:0}
.tiles>div{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}
.tiles dt{color:var(--soft);font-size:.8125rem}
.tiles dd{margin:.1rem 0 0;font-size:1.4375rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.tiles dd small{display:block;font-size:.8125rem;font-weight:400;color:var(--soft);letter-spacing:0;line-height:1.4}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.15rem;margin:.75rem 0}
figure{margin:1rem 0;background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1rem .9rem}
figcaption{font-size:.875rem;color:var(--soft);margin:0 .25rem .6rem}
.scroll{overflow-x:auto}
.picture{display:block;width:100%;min-width:44rem;height:auto;font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--ink)}
.picture text{fill:var(--soft)}
.picture .mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:10.5px;fill:var(--ink)}
.picture .gone{fill:var(--soft);font-style:italic}
.picture .strong{fill:var(--ink);font-weight:600}
.picture .label{text-anchor:end}
.picture .tick{text-anchor:middle}
.picture .bad{fill:var(--bad);font-weight:600}
.picture .sign{text-anchor:middle;fill:var(--ink);font-size:9px}
.grid{stroke:var(--line);stroke-width:1}.base{stroke:var(--soft);stroke-width:1}
.rail{stroke:var(--faint);stroke-width:2}
.band{fill:var(--bad);opacity:.06}
.requests{fill:var(--soft);opacity:.35}
.k-0{fill:var(--k0);background:var(--k0)}.k-1{fill:var(--k1);background:var(--k1)}.k-2{fill:var(--k2);background:var(--k2)}.k-3{fill:var(--k3);background:var(--k3)}.k-other{fill:var(--kx);background:var(--kx)}
.k-masked-ground{fill:var(--faint)}.k-masked-line{stroke:var(--soft);stroke-width:1.6}
.swatch.k-masked{background:repeating-linear-gradient(135deg,var(--soft) 0 1.5px,var(--faint) 1.5px 4px)}
.s-pending{fill:none;stroke:var(--soft);stroke-dasharray:2 2}.s-ready{fill:var(--ready)}.s-running{fill:var(--running)}
.s-not-ready:not(.span){fill:var(--notready)}.s-terminating:not(.span){fill:var(--stop)}
.hatch{stroke:var(--hatch);stroke-width:2.4}
.failed{fill:var(--bad)}
.rule line{stroke:var(--accent);stroke-width:1;stroke-dasharray:3 3}
.rule rect{fill:var(--accent)}.picture .rule text{fill:var(--card);text-anchor:middle;font-size:10px;font-weight:600}
.legend{list-style:none;margin:.7rem .25rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.8125rem;color:var(--soft)}
.legend b{color:var(--ink);font-weight:600}
.swatch{display:inline-block;width:.85em;height:.85em;border-radius:2px;margin-right:.4em;vertical-align:-.08em}
.swatch.ready{background:var(--ready)}.swatch.running{background:var(--running)}.swatch.pending{border:1px dashed var(--soft)}
.swatch.not-ready{background:repeating-linear-gradient(45deg,var(--hatch) 0 2px,transparent 2px 4px),var(--notready)}
.swatch.terminating{background:repeating-linear-gradient(-45deg,var(--hatch) 0 2px,transparent 2px 4px),var(--stop)}
.swatch.tickmark{width:2px;background:var(--bad);margin-left:.3em}
.sign{font-style:normal;margin-right:.4em}
table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.8125rem;white-space:nowrap}
th,td{padding:.38rem .75rem .38rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.num,th.num{text-align:right}
td.when{white-space:nowrap}
.flag{display:inline-block;min-width:1.35em;padding:0 .35em;border-radius:1em;background:var(--accent);color:var(--card);font-size:.75rem;font-weight:600;text-align:center}
.kind{color:var(--soft);white-space:nowrap}
tr.failure td{font-weight:600}
.path{display:flex;flex-wrap:wrap;gap:.4rem;margin:.75rem 0;padding:0;list-style:none;font-size:.875rem}
.path li{flex:1 1 8.5rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .7rem}
.path .broken{border:2px solid var(--bad)}.path .suspect{border-color:var(--warn)}
.path b{display:block}.path .broken b{color:var(--bad)}.path small{display:block;color:var(--soft);font-size:.8125rem;line-height:1.4}
.why{margin:.75rem 0;padding:0;list-style:none;counter-reset:why}
.why li{counter-increment:why;position:relative;padding:0 0 .9rem 2.4rem}
.why li::before{content:counter(why);position:absolute;left:0;top:.05rem;width:1.5rem;height:1.5rem;border-radius:50%;background:var(--faint);border:1px solid var(--line);text-align:center;font-size:.8125rem;line-height:1.45rem;font-weight:600}
.why li:not(:last-child)::after{content:"";position:absolute;left:.75rem;top:1.6rem;bottom:0;border-left:1px solid var(--line)}
.why li:last-child::before{background:var(--bad);border-color:var(--bad);color:var(--card)}
.why small{display:block;color:var(--soft);font-size:.875rem}
.clues{margin:.5rem 0;padding:0;list-style:none}
.clues li{padding:.65rem 0;border-bottom:1px solid var(--line)}
.clues li:last-child{border:0}
.clues small{color:var(--soft);font-size:.8125rem;display:block}
.tag{font-size:.75rem;font-weight:600;border:1px solid var(--line);border-radius:.3rem;padding:.05rem .4rem;color:var(--soft);white-space:nowrap}
.tag.safe{color:var(--good)}.tag.unsafe{color:var(--warn)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.8125rem}
code{background:var(--code);border-radius:.25rem;padding:.05rem .3rem}
pre{background:var(--code);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;margin:.5rem 0;white-space:pre-wrap;line-height:1.5}
pre .add{background:var(--add);display:block}pre .del{background:var(--del);display:block}pre .ctx{display:block}pre .hunk{display:block;color:var(--soft)}
details{margin:.75rem 0}
summary{cursor:pointer;color:var(--accent);font-size:.9375rem}
summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
figure .note{margin:.4rem .25rem 0}
.note{color:var(--soft);font-size:.875rem}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:.5rem 0;font-size:.9375rem}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
.blank{border-style:dashed}
.foot{color:var(--soft);font-size:.8125rem;padding-top:2.5rem;padding-bottom:3rem}
.target+.target{border-top:1px solid var(--line);margin-top:3rem}
@media (max-width:40rem){h1{font-size:1.5rem}.summary{font-size:1.0625rem}main,.head,.foot{padding-left:1rem;padding-right:1rem}dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}}
@page{size:A4;margin:15mm 14mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt system-ui,sans-serif;color:#566273}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#18212c;--soft:#566273;--line:#d5dbe2;--faint:#eef1f4;--code:#f6f7f9;--bad:#b3261e;--warn:#8a5300;--good:#1a6b3c;--accent:#22558f;--k0:#c8372d;--k1:#e39130;--k2:#7a4fa8;--k3:#2e72b8;--kx:#7f8a98;--ready:#5aa97a;--running:#a9d3b8;--pending:#c3cad3;--notready:#e8b04a;--stop:#9fb0c6;--hatch:#00000038;--add:#e4f5ea;--del:#fdebe9}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:80%}main,.head,.foot{max-width:none;padding:0}.head{padding-top:0}nav{display:none}
.scroll{overflow:visible}.picture{min-width:0}
details::details-content{content-visibility:visible;display:block}
summary{list-style:none;color:var(--ink);font-weight:600}
h1,h2,h3,h4,summary{break-after:avoid}figure,.tiles,.card,.clues li,tr,pre{break-inside:avoid}
.target+.target{break-before:page;border:0;margin:0}}
`;
