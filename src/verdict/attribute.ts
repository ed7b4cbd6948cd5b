import type { Attempt, LoggedRequest, Traffic } from "../logs/traffic.ts";
import type { Chain } from "./chain.ts";
import type { SupportedFinding } from "./finding.ts";

/** A chain with the failed requests that are its own: each failure goes to the first that explains it. */
export interface Attributed {
  readonly chain: Chain;
  /** Failed requests (or, when no client saw one, masked ones) it can explain. */
  readonly couldExplain: number;
  /** Of these, the ones no better-ranked chain had taken. */
  readonly explained: number;
  /** Whether any member says which requests it explains. */
  readonly counts: boolean;
}

/** What failed: what clients saw, else what retries hid. */
export const failedRequests = (traffic: Traffic): readonly LoggedRequest[] =>
  traffic.failures.length > 0 ? traffic.failures : traffic.masked;

/**
 * Gives each failed request to the best-ranked chain that explains it.
 * `of` is how many there were; with `cut` traffic it is the number kept, so shares stay true.
 */
export function attribute(found: readonly Chain[], requests: readonly LoggedRequest[]): Attributed[] {
  const explainable = found.map((chain) => requests.map((r) => explains(chain, r)));
  const could = explainable.map((row) => row.filter(Boolean).length);
  const order = found
    .map((_, i) => i)
    .sort(
      (a, b) => score(found[b]!, could[b]!, requests.length) - score(found[a]!, could[a]!, requests.length),
    );
  const taken = requests.map(() => false);
  return order.map((i) => {
    let explained = 0;
    explainable[i]!.forEach((can, r) => {
      if (can && !taken[r]) {
        taken[r] = true;
        explained++;
      }
    });
    const chain = found[i]!;
    return {
      chain,
      couldExplain: could[i]!,
      explained,
      counts: chain.members.some((m) => m.explains !== undefined),
    };
  });
}

function score(chain: Chain, could: number, of: number): number {
  if (of === 0) return chain.root.confidence;
  const counts = chain.members.some((m) => m.explains !== undefined);
  const share = counts ? could / of : 0.5;
  return chain.root.confidence * (0.4 + 0.6 * share);
}

function explains(chain: Chain, request: LoggedRequest): boolean {
  return chain.members.some((member) => explainsRequest(member, request));
}

/** A cause explains a request when it explains one of its failed attempts, or the request without any. */
export function explainsRequest(finding: SupportedFinding, request: LoggedRequest): boolean {
  if (finding.explains === undefined) return false;
  const failed = request.attempts.filter((a) => a.failure !== undefined);
  if (failed.length === 0) return finding.explains(request, undefined);
  return failed.some((attempt: Attempt) => finding.explains?.(request, attempt) === true);
}
