/** The tmux transport: pastes into the agent's composer, proves it on the screen, submits, proves that. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Transport } from "../../ports/transport.ts";
import { lostSight } from "../lost-sight.ts";
import { cleared, putDraftBack, textOf } from "./draft.ts";
import { fill, holdsText } from "./fill.ts";
import { bare, showsTail } from "./same-screen-text.ts";
import { dialogInFront } from "./screen-trouble.ts";
import { onPane, type TmuxDeps } from "./session.ts";
import { submit, unproven } from "./submit.ts";
import { deferred, look, lookUntil, refused, type Seen, type Work } from "./work.ts";

const RESUME_LOOK_MS = 2_000;
const LAST_CHARACTER = ".";
const ANSWERING_MS = 10_000;

export type { TmuxDeps } from "./session.ts";

export function tmuxTransport(deps: TmuxDeps): Transport {
  return {
    deliver: (attempt) => onPane(deps, attempt, deliver),
    resume: async (attempt) => {
      const outcome = await onPane(deps, attempt, resume);
      const isLostSight =
        attempt.state.step === "typed" && outcome.kind === "deferred" && !isNotSubmitted(outcome);
      if (attempt.state.step === "submitted" && outcome.kind !== "handed_back") return { kind: "confirmed" };
      return isLostSight ? lostSight(attempt, outcome.error.message) : outcome;
    },
    close: () => deps.terminals.close(),
  };
}

async function deliver(work: Work): Promise<Outcome> {
  const { attempt, clock, pane } = work;
  restoreDraft(work);
  attempt.record({ type: "intent", at: clock.now(), window: pane.where }, true);
  const startedAt = clock.monotonic();
  const filled = await fill(work);
  if (!filled.ok) return leaving(work, filled.end);
  attempt.record({ type: "typed", at: clock.now(), ms: clock.monotonic() - startedAt }, true);
  const end = await submit(work, filled);
  return leaving(work, end ?? { kind: "confirmed" });
}

/** Three Enters, and the text is still there. */
function isNotSubmitted(outcome: Outcome): boolean {
  return outcome.kind === "deferred" && outcome.error.code === "not_submitted";
}

/** Puts the draft back where that can be done without adding to what stands there. */
async function leaving(work: Work, outcome: Outcome): Promise<Outcome> {
  if (outcome.kind === "deferred" && isNotSubmitted(outcome) && work.isTextLeft) {
    const seen = await answering(work);
    const isOut = seen !== null && work.profile.clear.length > 0 && (await cleared(work, seen)) === null;
    if (!isOut) return leaving(work, unproven(work, outcome.error));
  }
  // Not proven is not there: the draft goes back where the composer turns out to be empty.
  if (work.draft && (!work.isTextLeft || outcome.kind === "unknown")) await putDraftBack(work);
  return outcome;
}

/**
 * The composer, once it has shown a character that was typed behind the text: what was pressed before is done with by
 * then, and the text is still there. Else clearing it could hide a late submit. Null: not seen.
 */
async function answering(work: Work): Promise<Seen | null> {
  const before = await look(work);
  if (!before.ok || !holdsText(work, before)) return null;
  const pressed = await work.pane.press([LAST_CHARACTER], before.screen);
  if (!pressed.ok) return null;
  const shown = bare(textOf(before) + LAST_CHARACTER);
  const tail = work.attempt.text + LAST_CHARACTER;
  const seen = await lookUntil(work, ANSWERING_MS, (now) => {
    const text = textOf(now);
    return bare(text) === shown || showsTail(text, tail);
  });
  if (seen.ok && seen.isIt) return seen;
  // The text went after all, and the character came to stand where it was.
  if (seen.ok && textOf(seen).trim() === LAST_CHARACTER) await cleared(work, seen);
  return null;
}

async function resume(work: Work): Promise<Outcome> {
  const { attempt } = work;
  restoreDraft(work);
  const seen = await lookUntil(work, RESUME_LOOK_MS, ({ reading }) => reading.kind === "composer");
  if (!seen.ok) return refused(seen);
  if (seen.reading.kind === "dialog") return dialogInFront(work, seen.reading.line);
  const holdsIt = holdsText(work, seen);
  switch (attempt.state.step) {
    case "submitted":
      await putDraftBack(work);
      return { kind: "confirmed" };
    case "typed": {
      if (!holdsIt) {
        if (textOf(seen) === "") await putDraftBack(work);
        return lostSight(attempt, "the text stood in the composer and does not any more");
      }
      work.isTextLeft = true;
      const end = await submit(work, {
        before: seen,
        pastedAt: work.clock.monotonic(),
        shownMs: RESUME_LOOK_MS,
      });
      return leaving(work, end ?? { kind: "confirmed" });
    }
    default: {
      if (holdsIt) await cleared(work, seen);
      if (!holdsIt || !work.isTextLeft) await putDraftBack(work);
      return deferred({
        code: "worker_died",
        message: `the worker ended in the middle of an attempt to ${work.agent.name}; nothing had been submitted`,
        hint: "the message is tried again by itself",
      });
    }
  }
}

/** Takes up the draft that an earlier attempt had saved and could not put back. */
function restoreDraft(work: Work): void {
  const file = work.attempt.state.draftFile;
  const text = file === null ? null : work.attempt.readDraft(file);
  if (file !== null && text !== null) work.draft = { text, file };
}
