/** What the driver process can do with the desktops that it reaches, and which way of reaching them this system has. */
import type { Guarded, Hands } from "../ports/desktop.ts";
import { openX11Desktop } from "./x11/desktop.ts";

export interface DriverDesktop {
  acquire(
    display: string | null,
    purpose: string,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Guarded<{ readonly hands: Hands; readonly waitedMs: number }>>;
  /** No input event is made after this. */
  forbidInput(): void;
  /** Serves pastes under way for `lingerMs`, then gives the person's clipboard to its keeper. */
  leave(lingerMs: number): Promise<void>;
}

export function openDriverDesktop(env: NodeJS.ProcessEnv): DriverDesktop {
  return openX11Desktop(env);
}
