import type { FailureClass } from "../traffic.ts";
import type { Excess } from "./excess.ts";
import type { Concentration } from "./pattern.ts";

/** One pattern with its sentence. */
export function concentrationOf(
  on: Concentration["on"],
  keys: readonly string[],
  excess: Excess,
  failure: FailureClass | undefined,
  what: "attempts" | "requests",
): Concentration {
  const { failures, of, trafficShare, p } = excess;
  const succeeded = excess.members.reduce((sum, m) => sum + m.succeeded, 0);
  const percent = Number((trafficShare * 100).toPrecision(2));
  const failed = failure === undefined ? `failed ${what}` : `${what} that ended ${failure}`;
  return {
    kind: "concentration",
    text: `${failures} of ${of} ${failed} are on ${on} ${keys.join(", ")}, which has ${percent}% of the traffic and ${succeeded} successes`,
    failures,
    of,
    p,
    ...(failure === undefined ? {} : { class: failure }),
    on,
    keys,
    trafficShare,
    succeeded,
  };
}
