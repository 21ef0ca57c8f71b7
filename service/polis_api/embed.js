/* Polis's snippet, answered by this service:
   <div class="polis" data-conversation_id="ID"></div><script async src="https://SERVICE/embed.js"></script>
   Each such div gets the element of this service, in the page itself; docs/polis.md says which attributes count. */
(() => {
  const here = new URL(".", document.currentScript.src);
  const polis = (window.polis ||= {});
  polis._hasRun = 1;
  polis.on ||= {};
  for (const name of ["vote", "doneVoting", "write", "resize", "init"]) polis.on[name] ||= [];

  const asked = { ...Object.fromEntries(new URLSearchParams(location.search)), ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };
  const HIDDEN = { ucst: "question", ucsf: "foot" };

  for (const place of document.getElementsByClassName("polis")) {
    if (!place.children.length) fill(place, place.dataset);
  }

  function fill(place, said) {
    const id = said.conversation_id;
    if (!id) {
      console.error("embed.js: this div needs data-conversation_id; data-site_id is not known here");
      return;
    }
    const element = document.createElement("opinion-widget");
    element.id = `polis_${id}`;
    element.setAttribute("conversation", id);
    element.setAttribute("service", here.href);
    if (said.ui_lang) element.setAttribute("lang", said.ui_lang);
    const shown = views(said);
    element.setAttribute("show", shown.join(" "));
    if (!shown.includes("vote")) element.setAttribute("view", "results");
    dress(element, said);
    report(element, id);
    place.append(element);
    begin(element, id, said.xid || asked.xid);
  }

  /** What may be seen and done: all of it, unless it is switched off. */
  function views(said) {
    const isOff = (name) => said[name] === "false";
    const isLooking = isOff("ucv") || Boolean(said.demo && !isOff("demo"));
    return [
      !isLooking && "vote",
      !isLooking && !isOff("ucw") && "statements",
      !isOff("ucsv") && !isOff("show_vis") && "results",
      !isLooking && "about",
    ].filter(Boolean);
  }

  function dress(element, said) {
    Object.assign(element.style, {
      display: "block",
      boxSizing: "border-box",
      border: said.border || "1px solid #ccc",
      borderRadius: said.border_radius || "4px",
      padding: said.padding || "4px",
      minHeight: said.height ? `${parseInt(said.height, 10)}px` : "",
    });
    const off = Object.keys(HIDDEN).filter((name) => said[name] === "false");
    if (!off.length) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(off.map((name) => `#${CSS.escape(element.id)}::part(${HIDDEN[name]}) { display: none }`).join("\n"));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  /** Tell the page what happens, as Polis's frame does: by functions in `polis.on`, and by messages to the window. */
  function report(element, id) {
    const NAMES = { ready: "init", vote: "vote", done: "doneVoting", statement: "write", resize: "resize" };
    for (const [event, name] of Object.entries(NAMES)) {
      element.addEventListener(event, ({ detail }) => {
        const data = { name, polisFrameId: id };
        if (name === "resize") data.height = detail.height;
        if (name === "init") Object.assign(data, { status: "ok", conversation: { conversation_id: id } });
        for (const hear of polis.on[name] ?? []) hear({ ...data, iframe: element, data });
        dispatchEvent(new MessageEvent("message", { data, origin: here.origin, source: window }));
      });
    }
  }

  /** Show the element; whoever bears an external id takes part as that, or not at all. */
  function begin(element, id, xid) {
    if (xid) {
      let kept;
      // A signed id is good for one time: what it gave is used again.
      element.admission = () => (kept ??= admitted(id, xid).catch((problem) => {
        kept = null;
        throw problem;
      }));
    }
    import(new URL("widget/widget.js", here));
  }

  async function admitted(id, xid) {
    const answer = await fetch(new URL("api/v3/participants", here), {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation_id: id, xid }),
    });
    const told = await answer.json();
    if (answer.ok) return { token: told.auth.token };
    console.warn(`embed.js: the xid is not accepted: ${told.detail ?? answer.status}`);
    throw Object.assign(new Error(told.title), { status: answer.status === 401 ? 403 : answer.status, kind: "xid" });
  }
})();
