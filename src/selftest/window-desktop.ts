/** The desktop on which windows can be tried, or why there is none and what to do about it. */
import { BROWSERS, findBrowser } from "./browser.ts";
import { type Clipped, openScreen, type Screen } from "./screen.ts";
import type { Stand } from "./stand.ts";

export interface DesktopFound {
  readonly screen: Screen;
  readonly clipboard: Clipped;
  readonly browser: string;
  readonly display: string;
}

/** Its display is open: whoever gets it closes it. */
export async function desktopFor(
  { env }: Stand,
  isWanted: boolean,
): Promise<DesktopFound | { readonly why: readonly [string, string] }> {
  const why = (what: string, remedy: string) => ({ why: [what, remedy] as const });
  if (!isWanted) return why("left out with --no-window", "run it without that option");
  if (process.platform !== "linux")
    return why("its windows need X11", "swarm calibrate tries a window of yours");
  if (env["WAYLAND_DISPLAY"])
    return why(
      "this is a Wayland session",
      "log in to an X11 session: swarm can't type into windows under Wayland",
    );
  const display = env["DISPLAY"];
  if (!display) return why("there is no display (DISPLAY is not set)", "run it on a desktop");
  const browser = findBrowser(env);
  if (browser === null)
    return why(`there is no browser (${BROWSERS.join(", ")})`, "install chromium, and try again");
  const screen = await openScreen(display);
  if (typeof screen === "string") return why(screen, "run it on a desktop of yours with a window manager");
  const clipboard = await screen.clipboard();
  if (clipboard.kind !== "other") return { screen, clipboard, browser, display };
  screen.close();
  return why("the clipboard holds what is no text, and could not be put back", "copy a text, and try again");
}
