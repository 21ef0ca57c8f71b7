/** How results look; fetched with them. */

import { sheet } from "./style.js";

export const resultsStyle = sheet(`
.results { gap: 24px; }
.results .lead { font-size: 1.25em; line-height: 1.4; font-weight: 600; max-width: 34em; }
.results section { margin-top: 24px; border-top: 1px solid var(--line); padding-top: 32px; }
.results section.note { border-top: 0; margin: 0; padding-block: 0; }
[data-group=A] { --group: var(--A); } [data-group=B] { --group: var(--B); } [data-group=C] { --group: var(--C); }
[data-group=D] { --group: var(--D); } [data-group=E] { --group: var(--E); }
/* A map reads the same in every language: where a text begins is its left side. */
.map { direction: ltr; display: block; width: 100%; max-width: 38rem; height: auto; margin-inline: auto; }
.hull { fill: var(--group); fill-opacity: .1; stroke: var(--group); stroke-opacity: .55; stroke-width: 1.5; }
.bubbles { fill: var(--group, var(--muted)); fill-opacity: .38; }
.label { fill: var(--group); }
.label text { text-anchor: middle; }
.label .letter { font-size: 25px; font-weight: 700; }
.label .size { font-size: 20px; fill: var(--ink); font-variant-numeric: tabular-nums; }
.label > *, .own text { paint-order: stroke; stroke: var(--paper); stroke-width: 7px; stroke-linejoin: round; }
.own circle { fill: var(--paper); stroke: var(--ink); stroke-width: 3; }
.own .dot { fill: var(--ink); stroke: none; }
.own text { fill: var(--ink); font-size: 22px; font-weight: 700; }
.mark { width: 1em; height: 1em; flex: none; fill: var(--group); }
.named { display: inline-flex; gap: 8px; align-items: center; }
h3.named { display: flex; }
.tag { flex: none; white-space: nowrap; font-size: .8em; font-weight: 600; border: 1px solid var(--edge); border-radius: var(--radius); padding: 0 8px; }
.own-place { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; padding: 12px 16px; background: var(--surface); border-radius: var(--radius); }
p.own-place { flex-wrap: nowrap; align-items: baseline; }
.own-place .mark { translate: 0 .1em; }
.ends { display: grid; gap: 12px 32px; grid-template-columns: minmax(0, 1fr); }
.ends dt { font-weight: 600; }
.quoted { overflow-wrap: anywhere; }
q.quoted { display: inline; overflow: visible; }
.scroll { overflow-x: auto; position: relative; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: start; font-weight: 600; padding-bottom: 8px; }
th, td { overflow-wrap: normal; text-align: start; padding: 8px 0; padding-inline-end: 16px; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-weight: 400; color: var(--muted); font-size: .94em; }
tbody th { font-weight: 600; }
tbody .named + .tag { display: inline-block; font-weight: 400; white-space: normal; line-height: 1.3; }
.number { text-align: end; }
.listed { display: grid; gap: 32px; grid-template-columns: minmax(0, 1fr); }
.listed li { display: grid; gap: 8px; max-width: none; }
.listed p.quoted { font-weight: 600; }
.bars { display: grid; gap: 8px; }
.bars li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 12px; align-items: center; }
.bars li:not([data-group]) { grid-template-columns: minmax(0, 1fr); }
.bars .figure { grid-column: 1 / -1; font-size: .94em; font-variant-numeric: tabular-nums; }
.bars .named { min-width: 2.6em; font-weight: 600; }
.bar.wide { height: 12px; position: relative; overflow: visible; border-radius: 0; display: block; }
.bar.wide span { background: var(--group, var(--muted)); border-radius: 0; }
.bar.wide i { position: absolute; top: 50%; height: 0; border-top: 2px solid var(--ink); box-shadow: 0 0 0 1px var(--paper); }
.own-vote { display: flex; gap: 6px; align-items: center; }
.own-vote svg { width: 1em; height: 1em; flex: none; }
@container (min-width: 30rem) {
  .ends { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .bars li { grid-template-columns: auto minmax(0, 1fr) 15em; }
  .bars li:not([data-group]) { grid-template-columns: minmax(0, 1fr) 15em; }
  .bars .figure { grid-column: auto; }
  .map .letter { font-size: 20px; }
  .map .size, .own text { font-size: 16px; }
}
@media (forced-colors: active) {
  .hull { fill: Canvas; stroke: CanvasText; stroke-opacity: 1; }
  .bubbles { fill: Canvas; fill-opacity: 1; stroke: CanvasText; }
  .label, .label .size, .mark, .own text, .own .dot { fill: CanvasText; }
  .own circle { fill: Canvas; stroke: CanvasText; }
  .own .dot { fill: CanvasText; }
  .label > *, .own text { stroke: Canvas; }
  .bar.wide span { background: CanvasText; }
}
`);
