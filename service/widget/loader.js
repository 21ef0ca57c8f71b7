/* One line for a host page:
   <script src="https://SERVICE/widget/loader.js" async></script><opinion-widget conversation="ID"></opinion-widget>
   It fetches the element's modules at once, and gives iframes of this service the height they ask for. */
(() => {
  const here = new URL(".", document.currentScript.src);
  const NEEDED = ["api", "elements", "hosting", "keeping", "participation", "statements", "style", "votes", "voting", "words"];
  for (const name of NEEDED) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(`${name}.js`, here);
    document.head.append(link);
  }
  import(new URL("widget.js", here));

  if (self.opinionWidgetHeights) return;
  self.opinionWidgetHeights = true;
  if (location.hash === "#opinion-check") {
    import(new URL("check-page.js", here)).then((page) => page.show(new URL("..", here).href));
  }
  addEventListener("message", ({ data, source }) => {
    if (data?.type !== "opinion-widget:resize" || !(data.height > 0 && data.height < 1e5)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === source && frame.src.startsWith(new URL("..", here))) {
        frame.style.height = `${Math.ceil(data.height)}px`;
      }
    }
  });
})();
