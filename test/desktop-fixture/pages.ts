import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { pageHtml, pageScript } from "./page-source.ts";
import type {
  Command,
  ComposerKind,
  Mode,
  NumberedCommand,
  PageConfig,
  PageState,
  Report,
} from "./protocol.ts";
import { until } from "./until.ts";

/** A point inside the composer (or of what lies in its place), from the bottom left corner of the page. */
export const INPUT_POINT = { x: 120, y: -60, from: "bottom-left" } as const;

export interface Submission {
  readonly page: string;
  readonly text: string;
  /** Milliseconds since 1970, by the page's clock. */
  readonly at: number;
}

/** Chat pages on loopback, and the truth of what was submitted where. */
export interface Pages {
  /** Defines a page; returns its address. */
  add(page: {
    readonly name: string;
    readonly title: string;
    readonly composer?: ComposerKind;
    readonly mode?: Mode;
  }): string;
  /** In the order in which pages reported them; of one page or of all. */
  submissions(name?: string): readonly Submission[];
  waitForSubmissions(name: string, count: number, deadlineMs?: number): Promise<readonly Submission[]>;
  /** How often the modal dialog's button was pressed. */
  presses(name: string): number;
  /** A page that is open starts anew in that mode, with an empty composer. */
  setMode(name: string, mode: Mode): Promise<void>;
  /** They are as they were loaded first, in mode `normal`: those that nothing has reached since are left as they are. */
  startAnew(names: readonly string[]): Promise<void>;
  /** What the page sees now, after everything it did before was reported. */
  state(name: string): Promise<PageState>;
  /** What reached the page lately, in order: for the report of a failure. Of one that stands still, what it has told before. */
  history(name: string): Promise<readonly string[]>;
  setText(name: string, text: string): Promise<void>;
  focus(name: string, what: "composer" | "elsewhere"): Promise<void>;
  setTitle(name: string, title: string): Promise<void>;
  isOpen(name: string): boolean;
  waitUntilOpen(name: string): Promise<void>;
  /** Forgets all submissions and presses. */
  forget(): void;
  stop(): Promise<void>;
}

interface Page {
  config: PageConfig;
  /** The document that is shown now: commands for an earlier one are void. */
  instance: string | null;
  readonly queue: NumberedCommand[];
  poll: ServerResponse | null;
  readonly done: Map<number, PageState>;
  presses: number;
  /** By a command, since it was loaded. */
  isChanged: boolean;
  /** What it has told of its history by itself. */
  told: readonly string[];
}

/** How long a page is left waiting for a command before it asks again. */
const POLL_MS = 20_000;
const TOLD = 2_000;

export async function startPages(): Promise<Pages> {
  const script = await pageScript();
  const pages = new Map<string, Page>();
  const submissions: Submission[] = [];
  let lastNumber = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://page");
    const page = pages.get(url.searchParams.get("page") ?? "");
    if (url.pathname === "/page.js") return send(response, "text/javascript", script);
    if (!page) return end(response, 404);
    if (url.pathname === "/") return send(response, "text/html", pageHtml(page.config));
    const instance = url.searchParams.get("instance");
    if (url.pathname === "/report") {
      take(page, JSON.parse(await readAll(request)) as Report);
      return end(response, 204);
    }
    if (url.pathname === "/told") {
      page.told = [...page.told, ...(JSON.parse(await readAll(request)) as string[])].slice(-TOLD);
      return end(response, 204);
    }
    if (url.pathname === "/bye") {
      if (page.instance === instance) page.instance = null;
      return end(response, 204);
    }
    if (url.pathname === "/next") return wait(page, instance, response);
    end(response, 404);
  }

  function take(page: Page, report: Report): void {
    if (report.kind === "submit")
      submissions.push({ page: page.config.name, text: report.text, at: report.at });
    if (report.kind === "press") page.presses += 1;
    if (report.kind === "done") page.done.set(report.number, report.state);
  }

  function wait(page: Page, instance: string | null, response: ServerResponse): void {
    if (page.instance !== instance) {
      page.queue.length = 0;
      page.isChanged = false;
    }
    page.instance = instance;
    page.poll?.destroy();
    page.poll = response;
    response.on("close", () => {
      if (page.poll !== response) return;
      page.poll = null;
      if (!response.writableFinished) page.instance = null;
    });
    setTimeout(() => page.poll === response && answer(page, null), POLL_MS).unref();
    hand(page);
  }

  function hand(page: Page): void {
    const next = page.poll && page.queue.shift();
    if (next) answer(page, next);
  }

  function answer(page: Page, command: NumberedCommand | null): void {
    const response = page.poll;
    page.poll = null;
    response?.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(command));
  }

  function named(name: string): Page {
    const page = pages.get(name);
    if (!page) throw new Error(`there is no page ${name}`);
    return page;
  }

  async function order(name: string, command: Command): Promise<PageState> {
    const page = named(name);
    const number = ++lastNumber;
    if (command.do !== "state" && command.do !== "history") page.isChanged = true;
    page.queue.push({ number, command });
    hand(page);
    return await until(`page ${name} does ${command.do}`, () => page.done.get(number), 60_000, 5);
  }

  async function waitUntilOpen(name: string): Promise<void> {
    await until(`page ${name} is open`, () => named(name).instance !== null, 30_000);
  }

  async function setMode(name: string, mode: Mode): Promise<void> {
    const page = named(name);
    page.config = { ...page.config, mode };
    const before = page.instance;
    if (before === null) return;
    await order(name, { do: "reload" });
    await until(`page ${name} is loaded again`, () => page.instance !== null && page.instance !== before);
  }

  async function isUntouched(name: string): Promise<boolean> {
    const { config, isChanged } = named(name);
    if (config.mode !== "normal" || isChanged) return false;
    const { history } = await order(name, { do: "history" });
    return history.every((entry) => / (focus|blur)$/.test(entry));
  }

  return {
    add({ name, title, composer = "textarea", mode = "normal" }) {
      const config = { name, title, composer, mode };
      pages.set(name, {
        config,
        instance: null,
        queue: [],
        poll: null,
        done: new Map(),
        presses: 0,
        isChanged: false,
        told: [],
      });
      // A host name of its own: a browser keeps at most six connections to one host, and each page holds one.
      const host = `p${pages.size}-${randomBytes(3).toString("hex")}.localhost`;
      return `http://${host}:${port}/?page=${encodeURIComponent(name)}`;
    },
    submissions: (name) => submissions.filter(({ page }) => name === undefined || page === name),
    async waitForSubmissions(name, count, deadlineMs) {
      const found = () => submissions.filter(({ page }) => page === name);
      await until(`${count} submissions in ${name}`, () => found().length >= count, deadlineMs);
      return found();
    },
    presses: (name) => named(name).presses,
    setMode,
    async startAnew(names) {
      for (const name of names) if (!(await isUntouched(name))) await setMode(name, "normal");
    },
    state: (name) => order(name, { do: "state" }),
    history: (name) =>
      order(name, { do: "history" }).then(
        ({ history }) => history,
        (cause: unknown) => [...named(name).told, String(cause)],
      ),
    async setText(name, text) {
      await order(name, { do: "set-text", text });
    },
    async focus(name, what) {
      await order(name, { do: "focus", what });
    },
    async setTitle(name, title) {
      named(name).config = { ...named(name).config, title };
      await order(name, { do: "set-title", title });
    },
    isOpen: (name) => named(name).instance !== null,
    waitUntilOpen,
    forget() {
      submissions.length = 0;
      for (const page of pages.values()) page.presses = 0;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, type: string, body: string): void {
  response
    .writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" })
    .end(body);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
