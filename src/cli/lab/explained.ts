import type { Cause } from "../../causes/define-cause.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { LoggedRequest, Traffic } from "../../logs/traffic.ts";

/** What the causes said of single requests. */
export interface Explained {
  /** By cause: the logged requests it said it explains. */
  readonly claimed: ReadonlyMap<string, ReadonlySet<LoggedRequest>>;
  /** Causes of which some failures are in no line of the route: they said so, or the gateway is known for it. */
  readonly leavingNoLine: ReadonlySet<string>;
  /** The failed requests that the gateway logged for the route. */
  readonly logged: ReadonlySet<LoggedRequest>;
}

/** The same catalogue; what its causes say of single requests, which a report only counts, is kept. */
export function recordingExplanations(catalogue: readonly Cause[]): {
  readonly causes: readonly Cause[];
  readonly explained: Explained;
} {
  const claimed = new Map<string, Set<LoggedRequest>>();
  const leavingNoLine = new Set<string>();
  const logged = new Set<LoggedRequest>();
  const causes = catalogue.map((cause): Cause => {
    const own = new Set<LoggedRequest>();
    claimed.set(cause.id, own);
    return {
      ...cause,
      weigh: (facts) => {
        for (const request of failedIn(facts)) logged.add(request);
        const judged = cause.weigh(facts);
        if (judged.state !== "supported") return judged;
        if (judged.leavesNoLine === true) leavingNoLine.add(cause.id);
        if (judged.explains === undefined) return judged;
        const { explains } = judged;
        return {
          ...judged,
          explains: (request, attempt) => {
            const does = explains(request, attempt);
            if (does) own.add(request);
            if (does && isClosedByHaproxy(request)) leavingNoLine.add(cause.id);
            return does;
          },
        };
      },
    };
  });
  return { causes, explained: { claimed, leavingNoLine, logged } };
}

/**
 * A server that closes before its header costs the first request of a client's connection a 502; later ones HAProxy ends
 * without an answer and without a line, for the client to try again (haproxy src/http_ana.c `abort_keep_alive`).
 */
const isClosedByHaproxy = ({ failure, originReason }: LoggedRequest): boolean =>
  failure === "closed-before-header" && originReason?.startsWith("SH") === true;

/** A cause that needs the traffic is handed it plainly, one that it only helps as it was observed. */
function failedIn(facts: Parameters<Cause["weigh"]>[0]): readonly LoggedRequest[] {
  const { traffic } = facts as { readonly traffic?: Traffic | Observed<Traffic> };
  if (traffic === undefined) return [];
  if (!("state" in traffic)) return [...traffic.failures, ...traffic.masked];
  return traffic.state === "present" ? [...traffic.value.failures, ...traffic.value.masked] : [];
}
