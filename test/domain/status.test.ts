import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import { retryDelayMs } from "../../src/domain/retry.ts";
import { applyEvent, initialState, isFinished, replay, settleEvent } from "../../src/domain/status.ts";

const error: DeliveryError = { code: "focus_lost", message: "m", hint: "h" };
const policy = { attempts: 3, backoff: { initialMs: 1_000, factor: 2, maxMs: 30_000 } };
const claimed = (attempt: number): MessageEvent => ({ type: "claimed", at: 1, attempt, pid: 1 });

describe("the state of a message", () => {
  it("ends as delivered when an attempt is confirmed", () => {
    const state = replay(0, [claimed(1)]);
    expect(settleEvent(state, { kind: "confirmed" }, 5, policy, 0)).toEqual({ type: "delivered", at: 5 });
  });

  it("is queued again after a deferred attempt, and failed after the last", () => {
    let state = initialState(0);
    for (let attempt = 1; attempt <= 3; attempt++) {
      state = applyEvent(state, claimed(attempt));
      state = applyEvent(state, settleEvent(state, { kind: "deferred", error }, 5, policy, 0.5));
      expect(state.status).toBe(attempt < 3 ? "queued" : "failed");
      expect(state.error).toEqual(error);
    }
  });

  it("is unconfirmed after the last attempt where its text still stands in the composer", () => {
    const standing: DeliveryError = { code: "focus_lost", message: "it stands there", hint: "h" };
    let state = initialState(0);
    for (let attempt = 1; attempt <= 3; attempt++) {
      state = applyEvent(state, claimed(attempt));
      state = applyEvent(state, settleEvent(state, { kind: "deferred", error, standing }, 5, policy, 0.5));
      expect(state.status).toBe(attempt < 3 ? "queued" : "unconfirmed");
      expect(state.error).toEqual(attempt < 3 ? error : standing);
    }
  });

  it.each(["deferred", "handed_back"] as const)(
    "knows that an attempt which was %s left its text standing, until one has not, or a person has queued it again",
    (kind) => {
      const leaves = (from: typeof settled, standing?: DeliveryError) => {
        const outcome: Outcome = standing ? { kind, error, standing } : { kind, error };
        return applyEvent(from, settleEvent(from, outcome, 5, policy, 0.5));
      };
      const settled = applyEvent(initialState(0), claimed(1));
      const left = leaves(settled, error);
      const claimedAgain = applyEvent(left, claimed(2));
      expect([left, claimedAgain].map(({ isTextLeft }) => isTextLeft)).toEqual([true, true]);
      expect(leaves(claimedAgain).isTextLeft).toBe(false);
      expect(applyEvent(left, { type: "retried", at: 6 }).isTextLeft).toBe(false);
    },
  );

  it("does not count an attempt that was handed back", () => {
    let state = initialState(0);
    for (let attempt = 1; attempt <= 20; attempt++) {
      state = applyEvent(state, claimed(attempt));
      state = applyEvent(state, settleEvent(state, { kind: "handed_back", error }, 5, policy, 0.5));
      expect(state).toMatchObject({ status: "queued", attempts: 0, totalAttempts: attempt });
    }
  });

  it("is never queued by an outcome that may have been a submit", () => {
    const state = replay(0, [claimed(1), { type: "typed", at: 2, ms: 1 }]);
    const settled = applyEvent(state, settleEvent(state, { kind: "unknown", error }, 5, policy, 0));
    expect(settled.status).toBe("unconfirmed");
  });

  it("keeps no proof of an earlier attempt but the inbox file and an acknowledgement", () => {
    const state = replay(0, [
      claimed(1),
      { type: "inbox_file", at: 2, file: "f" },
      { type: "typed", at: 2, ms: 1 },
      { type: "submitted", at: 3, ms: 1, enters: 1 },
      { type: "unconfirmed", at: 4, error },
      { type: "acknowledged", at: 5, by: "A" },
      { type: "retried", at: 6 },
      claimed(2),
    ]);
    expect(state.evidence).toEqual(["inbox_file", "acknowledged"]);
  });

  it("settles every outcome from every state into a finished or a queued one", () => {
    const outcomes: readonly Outcome[] = [
      { kind: "confirmed" },
      { kind: "deferred", error },
      { kind: "handed_back", error },
      { kind: "rejected", error },
      { kind: "unknown", error },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...outcomes),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (outcome, attempts, random) => {
          const state = { ...replay(0, [claimed(1)]), attempts };
          const settled = applyEvent(state, settleEvent(state, outcome, 10, policy, random));
          expect(isFinished(settled.status) || settled.status === "queued").toBe(true);
          expect(settled.nextAttemptAt === null || settled.nextAttemptAt > 10).toBe(true);
        },
      ),
    );
  });

  it("waits longer from attempt to attempt, up to the ceiling, spread over half of it", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((attempts) => retryDelayMs(policy, attempts, 0.999_999))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(retryDelayMs(policy, 1, 0)).toBe(500);
  });
});
