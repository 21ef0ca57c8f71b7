/** Look at how a page shows conversations, from the visitor's browser, and find what is in the way. */

const WAIT = 8000;
const SURER = ["account", "verified"];

/**
 * Return what was found about one conversation on one site, the best news first.
 *
 * @param told { service, conversation, site, policy, isFrame, isElement }: `site` is the origin of the page around,
 *   `policy` its Content-Security-Policy where that is known
 * @returns {Promise<{ key: string, state: "good" | "bad" | "hint", detail?: string }[]>}
 */
export async function findings({ service, conversation, site, policy, isFrame = true, isElement = true }) {
  const found = [];
  const note = (key, state, detail) => found.push({ key, state, detail });
  const blocked = [];
  const hear = ({ blockedURI, effectiveDirective }) => blockedURI.startsWith(new URL(service).origin) && blocked.push(effectiveDirective);
  document.addEventListener("securitypolicyviolation", hear);
  const answer = await asked(new URL(`v1/conversations/${encodeURIComponent(conversation)}`, service));
  // What a policy refuses is told after the request has failed.
  await new Promise((go) => setTimeout(go, 50));
  document.removeEventListener("securitypolicyviolation", hear);
  if (blocked.length) note("policyHere", "bad", `${blocked[0]} ${new URL(service).origin}`);
  else if (answer.status === 0) note("unreachable", "bad", service);
  else note("reachable", "good");
  if (answer.status) note(...aboutConversation(answer.status));
  if (new URL(service).protocol === "http:" && site?.startsWith("https:")) note("mixed", "bad", service);
  if (answer.told) {
    const { embedding_sites: sites, required_assurance: needed } = answer.told;
    if (site && isFrame) note(mayFrame(site, sites) ? "framed" : "notFramed", mayFrame(site, sites) ? "good" : "bad", site);
    if (isElement || isFrame) note(...aboutIdentity(needed));
  }
  if (policy) for (const one of lacking(policy, service, site, { isFrame, isElement })) note("policy", "bad", one);
  if (policy && !found.some(({ key }) => key === "policy")) note("policyFine", "good");
  note(...aboutStorage());
  return found;
}

/** Return what stands on this page, with what was found about each. */
export async function pageFindings(service) {
  const found = [];
  const elements = [...document.querySelectorAll("opinion-widget")];
  const frames = [...document.querySelectorAll("iframe")].filter((one) => one.src.startsWith(service));
  for (const one of elements) {
    const conversation = one.getAttribute("conversation");
    const here = conversation ? await findings({ service, conversation, site: location.origin, isFrame: false }) : [];
    if (!conversation) here.push({ key: "noId", state: "bad" });
    const isWaiting = one.hasAttribute("identity-token") && !one.identityToken;
    if (isWaiting) here.push({ key: "waits", state: "bad" });
    if (one.identityToken) drop(here, "identityNeeded");
    if (!customElements.get("opinion-widget")) here.push({ key: "modules", state: "bad", detail: service });
    found.push({ name: conversation ?? "<opinion-widget>", here });
  }
  for (const one of frames) {
    const conversation = /\/conversations\/([0-9a-z]+)\//.exec(one.src)?.[1] ?? "";
    const here = await findings({ service, conversation, site: location.origin, isElement: false });
    if (!(await speaks(one))) here.push({ key: "silent", state: "bad" });
    found.push({ name: conversation, here });
  }
  if (!found.length) found.push({ name: "", here: [{ key: "nothing", state: "bad" }] });
  return found;
}

function aboutConversation(status) {
  if (status === 404) return ["gone", "bad"];
  return status === 200 ? ["there", "good"] : ["answers", "bad", String(status)];
}

function aboutIdentity(needed) {
  if (needed === "anonymous") return ["anonymous", "good"];
  return [SURER.includes(needed) ? "identityNeeded" : "codeNeeded", "hint"];
}

function aboutStorage() {
  try {
    localStorage.setItem("opinion-widget", "");
    localStorage.removeItem("opinion-widget");
    return ["storage", "good"];
  } catch {
    return ["noStorage", "hint"];
  }
}

/** Return whether a site is one of those that may frame; `*.` stands for any name before a domain. */
export function mayFrame(site, sites) {
  return sites.some((one) => {
    const [scheme, host] = one.split("://");
    if (!host.startsWith("*.")) return one === site;
    return site.startsWith(`${scheme}://`) && site.endsWith(host.slice(1)) && site.length > `${scheme}://${host}`.length - 1;
  });
}

/** Return what a policy lacks: directives with what to add to them. */
export function lacking(policy, service, site, { isFrame, isElement }) {
  const { origin } = new URL(service);
  const rules = new Map();
  for (const part of policy.replace(/^\s*content-security-policy:/i, "").split(";")) {
    const [name, ...sources] = part.trim().split(/\s+/);
    // A directive that is said twice counts once, as it was said first.
    if (name && !rules.has(name.toLowerCase())) rules.set(name.toLowerCase(), sources);
  }
  const isAllowed = (names) => {
    const rule = names.map((name) => rules.get(name)).find(Boolean);
    return !rule || rule.some((one) => allows(one, origin, site));
  };
  const needed = [
    isElement && ["script-src-elem", "script-src", "default-src"],
    isElement && ["connect-src", "default-src"],
    isFrame && ["frame-src", "child-src", "default-src"],
  ].filter(Boolean);
  return needed.filter((names) => !isAllowed(names)).map(([name]) => `${name.replace("-elem", "")} ${origin}`);
}

function allows(source, origin, site) {
  const { protocol, host } = new URL(origin);
  const clean = source.replace(/\/+$/, "").toLowerCase();
  if (clean === "*" || clean === protocol || clean === origin || clean === host) return true;
  if (clean === "'self'") return site === origin;
  const named = clean.replace(/^https?:\/\//, "");
  return named.startsWith("*.") && host.endsWith(named.slice(1)) && (named === clean || clean.startsWith(protocol));
}

async function asked(address) {
  try {
    const answer = await fetch(address, { credentials: "omit", headers: { Accept: "application/json" } });
    return { status: answer.status, told: answer.ok ? await answer.json() : null };
  } catch {
    return { status: 0, told: null };
  }
}

/** Return whether a frame says anything after it was loaded anew. */
function speaks(frame) {
  return new Promise((done) => {
    const hear = ({ source, data }) => {
      if (source === frame.contentWindow && String(data?.type).startsWith("opinion-widget:")) end(true);
    };
    const timer = setTimeout(() => end(false), WAIT);
    const end = (answer) => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      done(answer);
    };
    addEventListener("message", hear);
    frame.src = String(frame.src);
  });
}

function drop(found, key) {
  const at = found.findIndex((one) => one.key === key);
  if (at >= 0) found.splice(at, 1);
}
