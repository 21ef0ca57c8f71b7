/** The house style: every colour, font and corner can be the host's; see docs/widget.md for the names. */

const light = `
  --ink: var(--opinion-ink, var(--utrecht-document-color, #1b2126));
  --paper: var(--opinion-paper, var(--utrecht-document-background-color, #ffffff));
  --muted: var(--opinion-muted, #56616b);
  --line: var(--opinion-line, #d5dade);
  --edge: var(--opinion-edge, #75808a);
  --surface: var(--opinion-surface, #f5f7f8);
  --accent: var(--opinion-accent, var(--nl-button-primary-background-color, var(--utrecht-button-primary-action-background-color, #0b5a8a)));
  --on-accent: var(--opinion-on-accent, var(--nl-button-primary-color, var(--utrecht-button-primary-action-color, #ffffff)));
  --link: var(--opinion-link, var(--opinion-accent, var(--nl-link-color, var(--utrecht-link-color, #0b5a8a))));
  --warn: var(--opinion-warn, #a32b12);
  --A: #143349; --B: #a85e0e; --C: #048157; --D: #ae1ec2; --E: #403513;`;

const dark = `
  --ink: var(--opinion-dark-ink, #e8ecef);
  --paper: var(--opinion-dark-paper, #14181c);
  --muted: var(--opinion-dark-muted, #a8b3bc);
  --line: var(--opinion-dark-line, #39424a);
  --edge: var(--opinion-dark-edge, #7f8b95);
  --surface: var(--opinion-dark-surface, #1c2227);
  --accent: var(--opinion-dark-accent, #8cc8f0);
  --on-accent: var(--opinion-dark-on-accent, #0c1216);
  --link: var(--opinion-dark-link, var(--opinion-dark-accent, #8cc8f0));
  --warn: var(--opinion-dark-warn, #ffb09e);
  --A: #a5d0f7; --B: #f17d33; --C: #14f3ad; --D: #e93df8; --E: #f5e21f;
  color-scheme: dark;`;

const text = `
:host { ${light}
  --radius: var(--opinion-radius, var(--utrecht-button-border-radius, 6px));
  --heading: var(--opinion-heading-font, var(--nl-heading-font-family, var(--utrecht-heading-font-family, inherit)));
  display: block; container-type: inline-size; color-scheme: light;
  font: max(17px, 1.0625rem)/1.5 var(--opinion-font, var(--nl-paragraph-font-family, var(--utrecht-document-font-family, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif)));
  letter-spacing: normal; text-align: start; text-transform: none; word-spacing: normal;
}
@media (prefers-color-scheme: dark) { :host(:not([theme=light])) { ${dark} } }
:host([theme=dark]) { ${dark} }
:host([hidden]) { display: none; }

*, ::before, ::after { box-sizing: border-box; }
.widget { background: var(--paper); color: var(--ink); max-width: var(--opinion-width, 44rem); margin-inline: auto; padding: clamp(12px, 4cqi, 24px); overflow-wrap: anywhere; }
p, h1, h2, h3, h4, ul, ol, dl, dd, figure, fieldset { margin: 0; padding: 0; border: 0; }
ul, ol { list-style: none; }
h1, h2, h3, h4 { font-family: var(--heading); line-height: 1.25; text-wrap: balance; }
h1, h2 { font-size: 1.25em; }
h3 { font-size: 1.25em; }
h4 { font-size: 1em; }
p, li { max-width: 64ch; }
.muted, small { color: var(--muted); font-size: .94em; }
.warn { color: var(--warn); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
[tabindex="-1"]:focus { outline: none; }

/* Whatever people write stays where it is: its own direction, its own box, no marks over its neighbours. */
.written { unicode-bidi: isolate; overflow-wrap: anywhere; overflow: hidden; contain: paint; padding-block: .2em; margin-block: -.2em; }
p.written { white-space: pre-line; }

button, select, textarea, input { font: inherit; color: inherit; letter-spacing: inherit; }
button { min-height: 44px; min-width: 44px; padding: 8px 16px; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--paper); cursor: pointer; touch-action: manipulation; }
button:hover { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
button.main, button[aria-pressed=true] { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
button.main { font-weight: 600; }
button.quiet { border-color: transparent; background: none; color: var(--link); padding-inline: 8px; margin-inline: -8px; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
button.quiet:hover { box-shadow: none; text-decoration-thickness: 2px; }
button:disabled { opacity: .55; cursor: default; box-shadow: none; }
summary { cursor: pointer; color: var(--link); min-height: 44px; padding-block: 8px; width: fit-content; }
.actions { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
a { color: var(--link); text-underline-offset: .2em; text-decoration-thickness: 1px; }

.parts { display: flex; gap: 0 clamp(12px, 5cqi, 32px); margin-block: 16px 24px; border-bottom: 1px solid var(--line); flex-wrap: wrap; }
.parts button { border: 0; border-bottom: 3px solid transparent; border-radius: 0; background: none; color: var(--muted); padding: 8px 0; box-shadow: none; }
.parts button:hover { color: var(--ink); border-color: var(--line); }
.parts [aria-current] { color: var(--ink); font-weight: 600; border-color: var(--accent); }

.stack { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: calc(var(--radius) + 2px); box-shadow: 0 1px 2px #0000000d, 0 4px 16px #0000000f; padding: clamp(16px, 5cqi, 32px); display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
.statement { font-size: clamp(1.25em, 1em + 1.4cqi, 1.6em); line-height: 1.35; font-weight: 600; max-width: none; min-height: 4.05em; align-content: center; text-wrap: pretty; }
.votes { display: grid; gap: 8px; }
.votes button { min-height: 52px; font-weight: 600; display: flex; align-items: center; justify-content: center; gap: 10px; }
.votes svg, .row svg { width: 1.1em; height: 1.1em; flex: none; }
.below { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: center; justify-content: space-between; min-height: 44px; }
.below:has(> span:only-child:empty) { display: none; }
.bar { height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--accent); border-radius: 2px; }
.keys { display: none; }
.note { border-inline-start: 4px solid var(--edge); padding-inline-start: 12px; }
.skeleton { animation: show 0s .3s both; }
.skeleton i { display: block; height: 1em; margin-block: .5em; border-radius: 4px; background: var(--line); }
.skeleton i:last-of-type { width: 60%; }
@keyframes show { from { visibility: hidden; } }
.foot { margin-top: 32px; padding-top: 8px; border-top: 1px solid var(--line); display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 4px 16px; }
select { min-height: 44px; padding: 4px 8px; background: var(--paper); border: 1px solid var(--edge); border-radius: var(--radius); max-width: 100%; }
.foot select { border-color: transparent; padding-inline: 0; }

@container (min-width: 30rem) {
  .votes { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .statement { min-height: 2.7em; }
}
@media (hover: hover) { .card:focus-within .keys { display: block; } }
@media (forced-colors: active) {
  .parts [aria-current], .bar span { border-color: Highlight; background: Highlight; forced-color-adjust: none; }
  .parts [aria-current] { background: none; color: CanvasText; }
  button[aria-pressed=true] { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  .bar { border: 1px solid CanvasText; height: 6px; }
}
@media print { .parts, .foot, .actions { display: none; } }
`;

/** Return a sheet for shadow roots; a host's policy against inline styles doesn't touch it. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

export const style = sheet(text);
