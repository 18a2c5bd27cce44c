import { trusted } from "./html.ts";

/** Wood, paper and ink, and three colours that mean something; each is readable on its ground (WCAG AA). */
const light = `
--paper:#fbfaf7;--sheet:#fff;--ink:#2b2a27;--dim:#625d54;--line:#e2ddd2;--wood:#d9b98a;--notch:#8a6a3a;
--good:#17683f;--bad:#a8281c;--warn:#79520a;--bad-ground:#fcefec;--warn-ground:#faf3e1;--code:#f3f0e9`;
const dark = `
--paper:#1c1b19;--sheet:#242320;--ink:#f0ece4;--dim:#b3ada1;--line:#3b3833;--wood:#8a6a3f;--notch:#d9b98a;
--good:#6fd09d;--bad:#ff9d8f;--warn:#e6bd6c;--bad-ground:#3a2522;--warn-ground:#352d1d;--code:#2d2b27`;

/** One sheet for the page and for the widget; it asks for the room that there is, not for the screen. */
export const style = trusted(`
.tally{${light};color-scheme:light}
.tally.dark{${dark};color-scheme:dark}
@media (prefers-color-scheme:dark){.tally.auto{${dark};color-scheme:dark}}
.tally,.tally *{box-sizing:border-box}
.tally{container-type:inline-size;margin:0;background:var(--paper);color:var(--ink);text-align:left;
font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
.tally.own{min-height:100vh}
.tally .page{max-width:1120px;margin:0 auto;padding:0 16px 24px}
.tally .page::before{content:"";display:block;height:7px;margin:0 -16px;border-bottom:1px solid var(--notch);
background:repeating-linear-gradient(90deg,var(--notch) 0 2px,var(--wood) 2px 28px)}
.tally h1,.tally h2,.tally h3,.tally p,.tally ul,.tally ol,.tally dl,.tally dd{margin:0;padding:0}
.tally h1,.tally h2,.tally h3{color:inherit;text-wrap:balance}
.tally h1{display:grid;grid-template-columns:auto minmax(0,1fr);column-gap:.35em;font-size:26px;line-height:1.25;font-weight:650;letter-spacing:-.015em}
.tally h2{font-size:13px;line-height:1.4;font-weight:650;letter-spacing:.01em;padding:0 0 6px;border-bottom:1px solid var(--line)}
.tally h2 small{font-weight:400;font-size:13px;color:var(--dim)}
.tally h3{font-size:15px;line-height:1.4;font-weight:600}
.tally ul,.tally ol{list-style:none}
.tally code,.tally .name{font-family:ui-monospace,"JetBrains Mono","SF Mono","Cascadia Code",Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em}
.tally h1 .sign{font-weight:500}
.tally code,.tally .name{font-variant-ligatures:none}
.tally .sign{font-weight:700;font-style:normal}
.tally .good{color:var(--good)}.tally .bad{color:var(--bad)}.tally .warn{color:var(--warn)}
.tally .more,.tally .run,.tally .foot,.tally small{color:var(--dim)}
.tally time{white-space:nowrap}
.tally .heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.tally .brand{font-size:13px;font-weight:650;letter-spacing:.01em;color:var(--dim);padding:18px 0 10px}
.tally .act{font-size:17px;font-weight:550;margin-top:4px}
.tally .facts{margin-top:10px}
.tally .run{font-size:13px}
.tally .note{margin-top:10px;padding:8px 12px;border-left:3px solid var(--warn);background:var(--warn-ground)}
.tally main,.tally .main{display:grid;grid-template-columns:minmax(0,1fr);gap:28px 40px;margin-top:26px}
.tally .column{display:grid;gap:28px;align-content:start;min-width:0}
.tally .column:empty{display:none}
.tally .scroll{overflow-x:auto;position:relative}
.tally .scroll:focus-visible{outline:2px solid var(--notch);outline-offset:2px}
.tally table{border-collapse:collapse;width:100%;font-size:14px;background:none}
.tally th,.tally td{padding:7px 8px;text-align:left;vertical-align:top;font-weight:400;border:0;border-bottom:1px solid var(--line);background:none}
.tally thead th{font-weight:600;vertical-align:bottom}
.tally th[scope=row],.tally thead td{padding-left:0}
.tally .matrix .name{overflow-wrap:break-word}
.tally .matrix time{white-space:normal}
.tally td.good{color:var(--ink)}.tally td.good .sign{color:var(--good)}
.tally td.bad,.tally td.warn{font-weight:550}
.tally td.bad{background:var(--bad-ground)}.tally td.warn{background:var(--warn-ground)}
.tally td.none{color:var(--dim)}
.tally td code{color:var(--dim);font-weight:400}
.tally td small,.tally th small{display:block;font-size:12px;font-weight:400}
.tally .source th{color:var(--dim)}
.tally .omitted{padding-top:8px}
.tally .omitted span{margin-right:16px}
.tally article{padding:12px 0 14px;border-bottom:1px solid var(--line)}
.tally section>article:last-child{border-bottom:0;padding-bottom:0}
.tally dl{display:grid;grid-template-columns:4.4em minmax(0,1fr);gap:3px 12px;margin-top:6px;font-size:14px}
.tally dt{color:var(--dim)}
.tally dd .more{display:block}
.tally ol{counter-reset:step;margin-top:10px;font-size:14px}
.tally ol li{counter-increment:step;padding:4px 0 4px 26px;position:relative}
.tally ol li::before{content:counter(step);position:absolute;left:0;top:5px;width:18px;height:18px;border-radius:50%;
border:1px solid var(--notch);font-size:11px;line-height:17px;text-align:center}
.tally .command{display:block;margin-top:4px;padding:7px 10px;background:var(--code);border-radius:4px;user-select:all;font-size:12.5px;line-height:1.5}
.tally ul li{padding:8px 0;border-bottom:1px solid var(--line);font-size:14px}
.tally ul li:last-child{border-bottom:0}
.tally .impact li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px}
.tally .impact .more,.tally .unseen .more{flex-basis:100%;display:block;font-size:13px;padding-left:1.25em}
.tally .impact b{font-weight:550}
.tally .timeline li{display:grid;gap:2px 18px;align-items:center}
.tally .timeline svg{display:block;width:100%;height:16px}
.tally .timeline .words{font-size:13px}
.tally .timeline .words .spell{display:block}
.tally .rail{stroke:var(--line);stroke-width:2;fill:none;vector-effect:non-scaling-stroke}
.tally .tick{stroke:currentColor;stroke-width:2;fill:none;vector-effect:non-scaling-stroke}
.tally rect.spell{fill:var(--warn)}.tally rect.spell.open{fill:var(--bad)}
.tally .foot{margin-top:30px;padding-top:10px;border-top:1px solid var(--line);font-size:12.5px}
@container (min-width:840px){
.tally main,.tally .main{grid-template-columns:minmax(0,1.55fr) minmax(0,1fr)}
.tally .wide{grid-column:1/-1}
.tally .timeline li{grid-template-columns:15em minmax(0,1fr) 21em}
.tally h1{font-size:30px}
}
@container (max-width:520px){.tally h1{font-size:20px}.tally th,.tally td{padding:7px 8px}}
@media print{.tally.own{min-height:0}.tally .scroll{overflow:visible}}
`);
