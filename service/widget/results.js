/** What people think, and where one stands oneself: the finding first, then the map, then the statements. */

import { button, h, written } from "./elements.js";
import { drawing, mark, whereabouts } from "./map.js";
import { resultsStyle } from "./results-style.js";
import { bars, ownVote, quoted } from "./shares.js";
import { verdict } from "./verdict.js";

/** People are placed from this many votes on, or from all statements if there are fewer. */
const LEAST_VOTES = 7;
const MOST_LISTED = 3;

export class ResultsView {
  #part;
  #node = h("div", { class: "results stack" });

  constructor(part) {
    this.#part = part;
    const { root } = part;
    if (!root.adoptedStyleSheets.includes(resultsStyle)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, resultsStyle];
  }

  draw() {
    const { t } = this.#part.words;
    this.#node.append(h("p", { class: "muted skeleton", tabindex: -1 }, t("loading")));
    this.#load();
    return this.#node;
  }

  async #load() {
    const part = this.#part;
    const { t } = part.words;
    try {
      const closed = await part.resultsClosed();
      if (closed) return this.#show(this.#notYet(closed));
      const [map, statements] = await Promise.all([part.service.ask("/group-map"), part.statements()]);
      // Who hasn't come in has neither a place nor votes; the results are there all the same.
      const [own, votes] = await Promise.all([
        part.service.act("/own-place").catch(() => ({ place: null })),
        part.ownVotes().catch(() => new Map()),
      ]);
      this.map = map;
      this.statements = statements;
      this.votes = votes;
      this.place = own.place;
      this.#show(this.#content());
      part.tell("results", { outcome: map.outcome });
    } catch (problem) {
      const isRefused = problem.status === 403;
      this.#show([h("div", { class: "card" },
        h("h3", { tabindex: -1 }, t(isRefused ? "notNow" : "offline")),
        isRefused && h("p", {}, t("afterClosing")),
        h("div", { class: "actions" }, button(t("again"), () => part.open("results"), "main")))]);
    }
  }

  #show(content) {
    const hadFocus = this.#node.contains(this.#part.root.activeElement);
    this.#node.replaceChildren(...content.flat(2).filter(Boolean));
    if (hadFocus) this.#node.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }

  #notYet({ missing }) {
    const { t } = this.#part.words;
    return [h("div", { class: "card" },
      h("h3", { tabindex: -1 }, missing ? t("voteFirst", { n: missing }) : t("afterClosing")),
      this.#part.conversation.takes_votes && h("div", { class: "actions" }, button(t("goOn"), () => this.#part.open("vote"), "main")))];
  }

  #content() {
    const { words: { t }, conversation } = this.#part;
    const { map } = this;
    const said = verdict(map, this.#part.words);
    const decided = conversation.outcome && h("section", { class: "note stack" }, h("h3", {}, t("outcome")),
      written("p", conversation.outcome, conversation.language));
    return [
      decided,
      h("h3", { class: "lead", tabindex: -1 }, said.sentence),
      map.votes_pending > 0 && map.published_at && h("p", { class: "muted" }, t("pending", { n: map.votes_pending })),
      this.#picture(said),
      this.#table(said),
      this.#shared("sharedAll"),
      this.#shared("dividing"),
      said.hasGroups && map.certainty && this.#ownFirst().map((one) => this.#group(one)),
      this.#shared("sharedMost"),
      this.#shared("unsure"),
      (map.certainty?.shared_by_all_groups.length || map.certainty?.dividing.length) && h("p", { class: "muted" }, t("interval")),
    ];
  }

  #size(group) {
    const { words, words: { t } } = this.#part;
    return group.n_participants == null ? "< 5" : words.number(group.n_participants);
  }

  #picture(said) {
    const { words: { t } } = this.#part;
    const { map, place } = this;
    const picture = drawing(map, place, { label: `${t("map")}. ${said.sentence}`, you: t("you"), size: (one) => this.#size(one), hasGroups: said.hasGroups });
    return [
      picture && h("figure", { class: "stack" }, picture, h("figcaption", { class: "muted" }, t("mapHint"))),
      this.#ownPlace(said),
      picture && this.#ends(),
    ];
  }

  #ownPlace(said) {
    const { words: { t }, conversation } = this.#part;
    const { place, votes } = this;
    if (place) {
      const key = !said.hasGroups || !place.group ? "yourPlace" : place.is_in_between ? "between" : "yourGroup";
      return h("p", { class: "own-place" }, said.hasGroups && place.group && mark(place.group), h("strong", {}, t(key, { letter: place.group })));
    }
    if (!conversation.takes_votes && !votes.size) return null;
    const missing = Math.min(LEAST_VOTES, this.map.n_statements_counted || LEAST_VOTES) - votes.size;
    return h("div", { class: "own-place" }, h("p", {}, missing > 0 ? t("voteMore", { n: missing }) : t("placeSoon")),
      missing > 0 && conversation.takes_votes && button(t("goOn"), () => this.#part.open("vote")));
  }

  /** Explain the ends of the axes by the statements that people there agree with more often. */
  #ends() {
    const { t } = this.#part.words;
    const sides = [["left_", "right_"], ["bottom_", "top_"]];
    const found = this.map.axes.slice(0, 2).flatMap((axis, at) => [[sides[at][0], axis.low], [sides[at][1], axis.high]])
      .map(([side, ids]) => [side, ids.find((id) => this.statements.has(id))]).filter(([, id]) => id);
    return found.length > 0 && h("dl", { class: "ends" }, found.map(([side, id]) => h("div", {},
      h("dt", {}, { left_: "← ", right_: "→ ", top_: "↑ ", bottom_: "↓ " }[side], t(side)),
      h("dd", {}, t("agreesMore"), " ", quoted(this.#part, this.statements.get(id))))));
  }

  /** The same facts as the picture. */
  #table(said) {
    const { words, words: { t } } = this.#part;
    const { map, place } = this;
    if (!map.groups.length || !said.hasGroups) return null;
    const row = (one) => h("tr", {},
      h("th", { scope: "row" }, h("span", { class: "named" }, mark(one.group), h("span", {}, t("group", { letter: one.group }))),
        place?.group === one.group && [" ", h("span", { class: "tag" }, t("youHere"))]),
      h("td", { class: "number" }, this.#size(one)),
      h("td", {}, words.list(whereabouts(one, map.groups).map((key) => t(key)))));
    // Where long words make it wider than a phone, whoever has only keys can scroll it too.
    return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("table") }, h("table", {},
      h("caption", {}, t("table")),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("groups")), h("th", { scope: "col", class: "number" }, t("size")),
        h("th", { scope: "col" }, t("where")))),
      h("tbody", {}, map.groups.map(row))));
  }

  #group(group) {
    const { words: { t } } = this.#part;
    const judged = this.map.certainty?.groups.find((one) => one.group === group.group);
    const marking = (judged?.representative_statements ?? []).filter((one) => this.statements.has(one.statement)).slice(0, MOST_LISTED);
    const rows = marking.map((one) => this.#row(one,
      h("p", { class: "muted" }, t(one.direction === "agree" ? "agreeMore" : "disagreeMore")),
      bars(this.#part, [{ ...one, group: group.group }], one.direction)));
    return h("section", { class: "stack" },
      h("h3", { class: "named" }, mark(group.group), h("span", {}, t("marks", { letter: group.group })),
        this.place?.group === group.group && h("span", { class: "tag" }, t("you"))),
      rows.length ? h("ul", { class: "listed" }, rows) : h("p", { class: "muted" }, t("marksNone")));
  }

  /** Who has a group reads about it first. */
  #ownFirst() {
    const isOwn = (one) => one.group === this.place?.group;
    return [...this.map.groups].sort((one, other) => isOwn(other) - isOwn(one));
  }

  #shared(title) {
    const sure = this.map.certainty;
    if (!sure) return null;
    const byAll = new Set(sure.shared_by_all_groups.map((one) => one.statement));
    const [items, direction] = {
      sharedAll: [sure.shared_by_all_groups],
      sharedMost: [sure.shared_by_most_people.filter((one) => !byAll.has(one.statement))],
      dividing: [sure.dividing, "agree"],
      unsure: [sure.unsure, "pass"],
    }[title];
    const rows = items.filter((one) => this.statements.has(one.statement)).slice(0, MOST_LISTED)
      .map((one) => this.#row(one, bars(this.#part, one.groups ?? [one], direction ?? one.direction)));
    return rows.length > 0 && h("section", { class: "stack" }, h("h3", {}, this.#part.words.t(title)), h("ul", { class: "listed" }, rows));
  }

  #row(one, ...told) {
    return h("li", {}, quoted(this.#part, this.statements.get(one.statement), "p"), told, ownVote(this.#part, this.votes.get(one.statement)));
  }
}
