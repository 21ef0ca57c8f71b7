/** The finding in one sentence. */

const WITHOUT_GROUPS = { "no stable groups": "noGroups", "no shared pattern": "noPattern" };

/** Return the sentence, and whether there are groups to speak of. */
export function verdict(map, words) {
  const { t } = words;
  const sure = map.certainty;
  const without = (sentence) => ({ sentence, hasGroups: false });
  if (!map.published_at && map.votes_pending) return without(t("firstMap"));
  if (map.outcome === "no-votes") return without(t("noVotesYet"));
  if (map.outcome === "failed") return without(t("mapFailed"));
  if (map.outcome.startsWith("too-few")) return without(tooEarly(map.missing, t));
  if (sure?.verdict in WITHOUT_GROUPS) return without(t(WITHOUT_GROUPS[sure.verdict]));
  if (sure?.verdict === "not enough votes yet") return { sentence: tooEarly(sure.missing, t), hasGroups: map.groups.length > 1 };
  if (map.outcome === "no-structure") return without(t("noGroups"));
  return { sentence: found(map, t), hasGroups: true };
}

function found(map, t) {
  const n = map.groups.length;
  if (n === 1) return t("oneGroup");
  const keys = { "distinct groups": "distinct", "leanings on a spectrum": "spectrum" };
  return t(keys[map.certainty?.verdict] ?? "found", { n });
}

function tooEarly(missing, t) {
  if (missing?.participants) return t("fewPeople", { n: missing.participants, each: missing.votes_each });
  if (missing?.statements) return t("fewStatements", { n: missing.statements });
  return t("noVotesYet");
}
