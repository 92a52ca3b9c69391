import { type Browser, startBrowser } from "./browser.ts";
import { type Desktop, type DesktopOptions, startDesktop } from "./desktop.ts";
import { INPUT_POINT, type Pages, startPages } from "./pages.ts";
import { type Person, type Pointer, personAt } from "./person.ts";
import type { ComposerKind, Mode } from "./protocol.ts";
import { until } from "./until.ts";
import { type Place, type Windows, windowsOf } from "./windows.ts";

export interface WindowPlan {
  readonly name: string;
  /** Default: `<name> - Chat`. */
  readonly title?: string;
  readonly composer?: ComposerKind;
  readonly mode?: Mode;
}

export interface StageOptions {
  readonly windows: readonly WindowPlan[];
  /** Default: an X server of its own. */
  readonly desktop?: Desktop | DesktopOptions;
  /** A browser process for each window; default: one for all. */
  readonly isBrowserPerWindow?: boolean;
}

/** A desktop with chat windows side by side, and all that a test needs to act on it and to look at it. */
export interface Stage {
  readonly desktop: Desktop;
  readonly pages: Pages;
  readonly windows: Windows;
  readonly person: Person;
  /** Id of a page's window. Pages that share a title are told apart only here. */
  windowOf(name: string): string;
  titleOf(name: string): string;
  /** A point of the screen in the composer. */
  composerAt(name: string): Promise<Pointer>;
  /** Opens another window, or one that was closed, in its place. */
  open(plan: WindowPlan): Promise<void>;
  close(name: string): Promise<void>;
  stop(): Promise<void>;
}

const WIDTH = 380;
const HEIGHT = 420;
const GAP = 8;

export async function startStage(options: StageOptions): Promise<Stage> {
  const desktop = isDesktop(options.desktop) ? options.desktop : await startDesktop(options.desktop);
  const pages = await startPages();
  const windows = windowsOf(desktop);
  const browsers: Browser[] = [];
  const seats = new Map<
    string,
    { readonly title: string; readonly address: string; readonly place: Place; id: string }
  >();

  function browser(): Browser {
    const present = browsers[0];
    if (present && !options.isBrowserPerWindow) return present;
    const started = startBrowser(desktop);
    browsers.push(started);
    return started;
  }

  async function open({ name, title = `${name} - Chat`, composer, mode }: WindowPlan): Promise<void> {
    const seat = seats.get(name);
    const kind = { ...(composer && { composer }), ...(mode && { mode }) };
    const address = seat?.address ?? pages.add({ name, title, ...kind });
    const before = await windows.find(title);
    browser().open(address);
    await pages.waitUntilOpen(name);
    const id = await newWindow(windows, title, before);
    const place = seat?.place ?? placeOf(seats.size);
    await windows.move(id, place);
    seats.set(name, { title, address, place, id });
  }

  function seatOf(name: string): { readonly title: string; readonly id: string } {
    const seat = seats.get(name);
    if (!seat) throw new Error(`there is no window of ${name}`);
    return seat;
  }

  const stage: Stage = {
    desktop,
    pages,
    windows,
    person: personAt(desktop),
    windowOf: (name) => seatOf(name).id,
    titleOf: (name) => seatOf(name).title,
    async composerAt(name) {
      const { x, y, height } = await windows.place(seatOf(name).id);
      return { x: x + INPUT_POINT.x, y: y + height + INPUT_POINT.y };
    },
    open,
    async close(name) {
      await windows.close(seatOf(name).id);
      await until(`page ${name} has ended`, () => !pages.isOpen(name));
    },
    async stop() {
      await Promise.all(browsers.map((each) => each.stop()));
      await pages.stop();
      await desktop.stop();
    },
  };
  try {
    for (const plan of options.windows) await open(plan);
  } catch (error) {
    await stage.stop();
    throw error;
  }
  return stage;
}

async function newWindow(windows: Windows, title: string, before: readonly string[]): Promise<string> {
  return await until(`a new window ${title}`, async () =>
    (await windows.find(title)).find((id) => !before.includes(id)),
  );
}

/** Two rows of four on a screen of 1600 × 1000; the ninth lies over the first, a little aside. */
function placeOf(index: number): Place {
  const layer = Math.floor(index / 8);
  return {
    x: GAP + (index % 4) * (WIDTH + GAP * 2) + layer * 30,
    y: 24 + (Math.floor(index / 4) % 2) * (HEIGHT + 40) + layer * 30,
    width: WIDTH,
    height: HEIGHT,
  };
}

function isDesktop(desktop: Desktop | DesktopOptions | undefined): desktop is Desktop {
  return desktop !== undefined && "display" in desktop;
}
