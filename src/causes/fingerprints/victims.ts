import type { Pattern } from "../../logs/patterns/pattern.ts";
import type { Attempt, FailureClass, LoggedRequest, Traffic } from "../../logs/traffic.ts";

/** The failures that a cause says it explains: what a pattern must be about to say something of it. */
export interface Victims {
  readonly addresses: ReadonlySet<string>;
  readonly classes: ReadonlySet<FailureClass>;
  /** Nearly all failures are its victims, so a pattern of mixed failures is theirs. */
  readonly areMost: boolean;
}

const most = 0.9;

/** undefined: the cause explains no failure in this traffic. */
export function victimsOf(
  traffic: Traffic,
  explains: (request: LoggedRequest, attempt: Attempt | undefined) => boolean,
): Victims | undefined {
  const addresses = new Set<string>();
  const classes = new Set<FailureClass>();
  let looked = 0;
  let struck = 0;
  for (const request of [...traffic.failures, ...traffic.masked]) {
    const failed = request.attempts.filter((a) => a.failure !== undefined);
    for (const attempt of failed.length === 0 ? [undefined] : failed) {
      looked++;
      if (!explains(request, attempt)) continue;
      struck++;
      const failure = attempt?.failure ?? request.failure;
      if (failure !== undefined) classes.add(failure);
      if (attempt !== undefined) addresses.add(attempt.address);
    }
  }
  // Those whose clients left count for the one cause that is about them, and against no other.
  const left = traffic.aborted.filter((request) => explains(request, undefined)).length;
  return struck + left === 0 ? undefined : { addresses, classes, areMost: struck + left >= looked * most };
}

/** Whether a pattern is one of these failures: of their class and, where it names addresses, at theirs. */
export function isOf(victims: Victims, pattern: Pattern): boolean {
  if (pattern.class === undefined ? !victims.areMost : !victims.classes.has(pattern.class)) return false;
  const named = addressesIn(pattern);
  return named === undefined || named.some((address) => victims.addresses.has(address));
}

function addressesIn(pattern: Pattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case "end-alignment":
    case "outage-gaps":
      return [pattern.address];
    case "address-life":
      return pattern.addresses;
    case "concentration":
      return pattern.on === "address" ? pattern.keys : undefined;
    default:
      return undefined;
  }
}
