import type { DriverDesktop } from "../../src/desktop/driver-desktop.ts";
import type { Desktop } from "../../src/ports/desktop.ts";

/** A driver's desktop without the process around it. What was left behind is put back by `acquire`. */
export function inProcess(driver: DriverDesktop): Desktop {
  return {
    acquire: driver.acquire,
    putBackLeftBehind: () => Promise.resolve(true),
    close: () => driver.leave(0),
  };
}
