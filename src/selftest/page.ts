/** A chat page with a text area: tells its server what was submitted, and what reached it, at once. */

/** A point in the text area, from the bottom left corner of the page: for swarm.json. */
export const INPUT_POINT = { x: 80, y: -50, from: "bottom-left" } as const;

export interface PageText {
  readonly title: string;
  /** What the window is there for, in a sentence. */
  readonly role: string;
}

/** `key`: without it nothing is taken by the server. */
export function pageHtml(name: string, { title, role }: PageText, key: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">
<style>${STYLE}</style></head>
<body><header>${title}</header>
<main>${role} It closes by itself in a few seconds: please leave keyboard and mouse alone.</main>
<textarea id="composer"></textarea>
<script>(${script})(${JSON.stringify(name)}, ${JSON.stringify(key)})</script></body></html>`;
}

const STYLE = `
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 12px sans-serif; background: #f4f5f7; }
header { padding: 6px 10px; font-weight: bold; background: #24344d; color: #fff; }
main { flex: 1; min-height: 0; overflow: hidden; padding: 8px 10px; color: #444; white-space: pre-line; }
textarea { height: 90px; margin: 8px; font: inherit; resize: none; }
`;

// Runs in the page, as it is; plain JavaScript, for it is not compiled for browsers.
const script = `function (name, key) {
  const composer = document.getElementById("composer");
  let toSwallow = 0;
  // Nothing else happens in this page until it is told, and what the server does about it is done.
  const tell = (what, more) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/told?key=" + key, false);
    request.send(JSON.stringify({ page: name, what, ...more }));
  };
  composer.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (toSwallow > 0) {
      toSwallow -= 1;
      tell("swallowed");
      return;
    }
    if (composer.value.trim() === "") return;
    tell("submit", { text: composer.value });
    document.querySelector("main").textContent = "Submitted: " + composer.value.slice(0, 200);
    composer.value = "";
  });
  addEventListener("keydown", ({ key }) => tell("key", { text: key }), { capture: true });
  addEventListener("paste", () => tell("paste"), { capture: true });
  addEventListener("focus", () => tell("focus"));
  const orders = new EventSource("/orders?key=" + key + "&page=" + name);
  orders.onmessage = ({ data }) => {
    const { number, draft, swallow } = JSON.parse(data);
    if (draft !== undefined) composer.value = draft;
    if (swallow !== undefined) toSwallow = swallow;
    tell("done", { number, text: composer.value });
  };
  composer.focus();
  // A browser drops clicks and keys that come before a page was first painted.
  new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length > 0) tell("painted");
  }).observe({ type: "paint", buffered: true });
}`;
