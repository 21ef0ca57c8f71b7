/** The group map as a picture: soft hulls, bubbles of ten people or more, a label in each group, and oneself. */

import { svg } from "./elements.js";

const WIDTH = 480;
const MARGIN = 30;
/** Least and greatest height, as a share of the width. */
const LOWEST = 0.55;
const HIGHEST = 1;
/** Share of the picture that all bubbles together cover. */
const COVER = 0.06;
const LABEL = { width: 96, height: 60 };

export const SHAPES = {
  A: "M-9 0A9 9 0 1 0 9 0A9 9 0 1 0-9 0Z",
  B: "M0-10L10 8L-10 8Z",
  C: "M-8-8H8V8H-8Z",
  D: "M0-11L11 0L0 11L-11 0Z",
  E: "M-3.5-10H3.5V-3.5H10V3.5H3.5V10H-3.5V3.5H-10V-3.5H-3.5Z",
};

/** Return a group's sign, to stand in a line of text. */
export function mark(letter) {
  return svg("svg", { class: "mark", "data-group": letter, viewBox: "-12 -12 24 24", "aria-hidden": "true" },
    svg("path", { d: SHAPES[letter] }));
}

/**
 * Return the picture, or nothing when no group is large enough to show.
 *
 * @param map the public group map; @param place one's own, or null
 * @param told { label, you, size(group), hasGroups }
 */
export function drawing(map, place, told) {
  const found = map.groups.filter((one) => one.centre && one.bubbles.length);
  // Where there are no groups to speak of nobody is shown as one of them: a cloud of everybody.
  const groups = told.hasGroups ? found : [];
  const everybody = found.length ? found.flatMap((one) => one.bubbles) : (map.bubbles ?? []);
  // Two or three dots far apart would look like the groups that there are none of.
  const cloud = groups.length || everybody.length < 5 ? [] : everybody;
  const places = [
    ...groups.flatMap((one) => [...one.outline, one.centre]),
    ...cloud.map((one) => [one.x, one.y]),
  ];
  if (!places.length) return null;
  if (place) places.push([place.x, place.y]);
  const { at, height } = frame(places);
  const all = [...groups.flatMap((one) => one.bubbles), ...cloud];
  const area = (COVER * WIDTH * height) / all.reduce((sum, one) => sum + one.n_participants, 0);
  const bubble = (one) => {
    const [cx, cy] = at([one.x, one.y]);
    return svg("circle", { cx, cy, r: Math.min(15, Math.sqrt((one.n_participants * area) / Math.PI)).toFixed(1) });
  };
  const own = place && at([place.x, place.y]);
  const labels = apart(groups.map((one) => ({ group: one, x: at(one.centre)[0], y: at(one.centre)[1] })), own, height);
  return svg("svg", { class: "map", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": told.label },
    groups.map((one) =>
      svg("path", { class: "hull", "data-group": one.group, d: smooth(one.outline.map(at)) })),
    groups.map((one) => svg("g", { class: "bubbles", "data-group": one.group },
      one.bubbles.length > 1 && one.bubbles.map(bubble))),
    svg("g", { class: "bubbles cloud" }, cloud.map(bubble)),
    labels.map(({ group, x, y }) => svg("g", { class: "label", "data-group": group.group, transform: `translate(${x} ${y})` },
      svg("path", { transform: "translate(-13 -9)", d: SHAPES[group.group] }),
      svg("text", { class: "letter", x: 12, y: 0 }, group.group),
      svg("text", { class: "size", y: 22 }, told.size(group)))),
    own && svg("g", { class: "own", transform: `translate(${own})` },
      svg("circle", { r: 11 }), svg("circle", { r: 4, class: "dot" }),
      svg("text", { x: own[0] > WIDTH * 0.75 ? -18 : 18, y: 6, "text-anchor": own[0] > WIDTH * 0.75 ? "end" : "start" }, told.you)));
}

/** Return words for where a group's centre stands: keys such as `left_`. */
export function whereabouts(group, groups) {
  const places = groups.filter((one) => one.centre).flatMap((one) => [...one.outline, one.centre]);
  if (!group.centre || !places.length) return [];
  const found = [["left_", "right_"], ["bottom_", "top_"]].flatMap(([low, high], axis) => {
    const values = places.map((one) => one[axis]);
    const least = Math.min(...values);
    const position = (group.centre[axis] - least) / (Math.max(...values) - least || 1);
    return position < 0.4 ? [low] : position > 0.6 ? [high] : [];
  });
  return found.length ? found : ["middle_"];
}

/** Return how places become points: equally long both ways, up is up. */
function frame(places) {
  const xs = places.map((one) => one[0]);
  const ys = places.map((one) => one[1]);
  const [left, top] = [Math.min(...xs), Math.max(...ys)];
  const across = Math.max(...xs) - left || 1e-9;
  const along = top - Math.min(...ys) || 1e-9;
  const scale = Math.min((WIDTH - 2 * MARGIN) / across, (WIDTH * HIGHEST - 2 * MARGIN) / along);
  const height = Math.round(Math.max(WIDTH * LOWEST, along * scale + 2 * MARGIN));
  const dx = (WIDTH - across * scale) / 2;
  const dy = (height - along * scale) / 2;
  const at = ([x, y]) => [round(dx + (x - left) * scale), round(dy + (top - y) * scale)];
  return { at, height };
}

const round = (value) => Math.round(value * 10) / 10;

/** Return a closed path that rounds every corner off, through the middles of the sides. */
function smooth(corners) {
  if (corners.length < 3) return "";
  const middle = (at) => {
    const [a, b] = [corners[at % corners.length], corners[(at + 1) % corners.length]];
    return [round((a[0] + b[0]) / 2), round((a[1] + b[1]) / 2)].join(" ");
  };
  return `M${middle(0)}${corners.map((_, at) => `Q${corners[(at + 1) % corners.length].join(" ")} ${middle(at + 1)}`).join("")}Z`;
}

/** Move labels until they neither overlap, hide oneself nor leave the picture. */
function apart(labels, own, height) {
  const fixed = own ? [{ x: own[0] + (own[0] > WIDTH * 0.75 ? -25 : 25), y: own[1], isFixed: true }] : [];
  const all = [...labels, ...fixed];
  for (let round = 0; round < 60; round++) {
    for (const one of labels) {
      for (const other of all) if (one !== other) push(one, other);
      one.x = Math.min(WIDTH - LABEL.width / 2, Math.max(LABEL.width / 2, one.x));
      one.y = Math.min(height - 30, Math.max(28, one.y));
    }
  }
  for (const one of labels) [one.x, one.y] = [round(one.x), round(one.y)];
  return labels;
}

function push(one, other) {
  const x = LABEL.width - Math.abs(one.x - other.x);
  const y = LABEL.height - Math.abs(one.y - other.y);
  if (x <= 0 || y <= 0) return;
  const [axis, overlap] = y <= x ? ["y", y] : ["x", x];
  const step = (one[axis] >= other[axis] ? 1 : -1) * (overlap / 2 + 0.5);
  one[axis] += step;
  if (!other.isFixed) other[axis] -= step;
}
