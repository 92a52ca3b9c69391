/** The desktop for a moment, for commands that only look. */
import { driverDesktop } from "../desktop/driver-client.ts";
import type { DeliveryError } from "../domain/errors.ts";
import { DesktopGone, type Hands } from "../ports/desktop.ts";
import { driverPath } from "./driver-path.ts";

export interface HandsRequest {
  /** Null: the default one. */
  readonly display: string | null;
  /** For `swarm status` of others, who wait meanwhile. */
  readonly purpose: string;
  /** How long others who hold the desktop are waited for. */
  readonly lineMs: number;
}

export type WithHands<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: DeliveryError };

export async function withHands<T>(
  { display, purpose, lineMs }: HandsRequest,
  use: (hands: Hands) => Promise<T>,
): Promise<WithHands<T>> {
  const desktop = driverDesktop({ driverPath: driverPath(), onOutput: () => undefined });
  try {
    const acquired = await desktop.acquire(display, purpose, lineMs, new AbortController().signal);
    if (!acquired.ok) return acquired;
    const { hands } = acquired;
    try {
      return { ok: true, value: await use(hands) };
    } catch (cause) {
      if (cause instanceof DesktopGone) return { ok: false, error: cause.refusal.error };
      throw cause;
    } finally {
      await hands.release();
    }
  } finally {
    await desktop.close();
  }
}
