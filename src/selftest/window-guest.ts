/** Holds what the desktop was before each delivery against what it is after: clipboard, pointer, active window. */
import { type Check, NO_DELIVERIES, notTried, type Promised } from "./check.ts";
import { isBarred } from "./concluded.ts";
import type { Sent } from "./judge.ts";
import type { WindowScene } from "./window-scene.ts";

export class Guest {
  readonly #scene: WindowScene;
  readonly #wrongs: string[] = [];
  #times = 0;
  #byPerson = 0;

  constructor(scene: WindowScene) {
    this.#scene = scene;
  }

  async around(deliver: () => Promise<Sent>): Promise<Sent> {
    const { screen, toFront, isOwnWindow, isInWindow, stand, clipboard } = this.#scene;
    const active = await toFront();
    const pointer = await screen.pointer();
    const sent = await deliver();
    // A person is at work there: all that changes is theirs.
    if (isBarred(sent)) return sent;
    const [activeNow, pointerNow, clipboardNow] = [
      await screen.active(),
      await screen.pointer(),
      await screen.clipboard(),
    ];
    this.#times += 1;
    // What is neither as before nor ours is a person's doing.
    const note = (isSame: boolean, isOurs: boolean, what: string) => {
      if (isSame) return;
      if (isOurs) this.#wrongs.push(`${what} was not put back after ${sent.id ?? sent.mark}`);
      else this.#byPerson += 1;
    };
    note(activeNow === active, isOwnWindow(activeNow), "the active window");
    note(pointerNow.x === pointer.x && pointerNow.y === pointer.y, isInWindow(pointerNow), "the pointer");
    const wanted = clipboard.kind === "text" ? clipboard.text : null;
    const found = clipboardNow.kind === "text" ? clipboardNow.text : null;
    note(found === wanted, found === null || stand.isOwn(found), "the clipboard");
    return sent;
  }

  get isUnused(): boolean {
    return this.#times === 0;
  }

  /** Looked at over the other lines' deliveries: it has none of its own. */
  check(promised: Promised): Check {
    const times = this.#times;
    if (times === 0) return notTried(promised, "nothing was delivered", "see the lines above");
    const byPerson = this.#byPerson > 0 ? `; ${this.#byPerson} times you had changed something yourself` : "";
    return {
      promised,
      verdict: this.#wrongs.length === 0 ? "held" : "did_not_hold",
      tried: "looked at before and after each delivery above without a thief",
      times,
      saw: `the desktop: ${this.#wrongs.length === 0 ? "all three" : "not all three"} as before${byPerson}`,
      reasons: this.#wrongs,
      deliveries: NO_DELIVERIES,
    };
  }
}
