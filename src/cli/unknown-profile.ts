import type { SwarmError } from "../domain/errors.ts";
import { usageError } from "../library/failure.ts";
import { nearest } from "../support/nearest.ts";

/** `kind`: what the known ones are for. */
export function unknownProfile(name: string, known: ReadonlyMap<string, unknown>, kind: string): SwarmError {
  const names = [...known.keys()];
  const meant = nearest(name, names);
  return usageError(
    `there is no profile ${JSON.stringify(name)} for ${kind}`,
    `${meant === null ? "" : `did you mean ${meant}? `}known are: ${names.join(", ")}`,
  );
}
