import type { Observed } from "../../evidence/observed.ts";
import type { Pattern, PatternKind } from "../../logs/patterns/pattern.ts";
import type { Traffic } from "../../logs/traffic.ts";
import type { Clue, Weight } from "../clue.ts";
import type { Judgement } from "../define-cause.ts";
import { applicationFingerprints } from "./application.ts";
import { dependencyFingerprints } from "./dependency.ts";
import { gatewayFingerprints } from "./gateway.ts";
import { loadBalancerFingerprints } from "./load-balancer.ts";
import { podFingerprints } from "./pod.ts";
import { serviceFingerprints } from "./service.ts";
import type { Fingerprints, Trait } from "./trait.ts";
import { isOf, victimsOf } from "./victims.ts";

/** What each cause's failures look like: pattern by pattern, for and against. */
export const fingerprints: Fingerprints = {
  ...loadBalancerFingerprints,
  ...gatewayFingerprints,
  ...serviceFingerprints,
  ...podFingerprints,
  ...applicationFingerprints,
  ...dependencyFingerprints,
};

const seenIn: Readonly<Record<PatternKind, string>> = {
  "timer-pile-up": "durations of failures",
  concentration: "failures against traffic",
  bursts: "times of failures",
  periodic: "times of failures",
  "load-relation": "failures and requests over time",
  "method-skew": "methods",
  "end-alignment": "ends of attempts",
  "address-life": "successes and failures by address",
  "idle-gap": "pauses between attempts",
  "outage-gaps": "times of outages",
  "cut-off-durations": "durations of successes",
  "size-threshold": "sizes of requests",
  onset: "share of failures over time",
  memoryless: "times of failures",
};

/**
 * Adds to a supported judgement what the patterns of the failures that it explains say. One that explains
 * nothing in the log gets nothing: patterns of other failures are no evidence of it.
 */
export function withFingerprint(
  id: string,
  judged: Judgement,
  patterns: Observed<readonly Pattern[]>,
  traffic: Observed<Traffic>,
): Judgement {
  if (judged.state !== "supported" || judged.explains === undefined) return judged;
  if (patterns.state !== "present" || traffic.state !== "present") return judged;
  const traits = fingerprints[id] ?? [];
  const victims = patterns.value.length === 0 ? undefined : victimsOf(traffic.value, judged.explains);
  if (victims === undefined) return judged;
  const own = patterns.value.filter((pattern) => isOf(victims, pattern));
  const clues: Clue[] = [...judged.clues];
  for (const trait of traits) {
    for (const pattern of own) {
      if (trait.shownBy(pattern) && !isSaid(trait, clues)) clues.push(clueOf(trait, pattern));
    }
  }
  return clues.length === judged.clues.length ? judged : { ...judged, clues };
}

const order: readonly Weight[] = ["weak", "moderate", "strong", "decisive"];

/** The same observation is there, and counts as much or more. */
const isSaid = (trait: Trait, clues: readonly Clue[]): boolean =>
  clues.some(
    (clue) =>
      clue.group === trait.group &&
      clue.for === trait.for &&
      order.indexOf(clue.weight) >= order.indexOf(trait.weight),
  );

const clueOf = (trait: Trait, pattern: Pattern): Clue => ({
  for: trait.for,
  weight: trait.weight,
  text: `${pattern.text.replace(/\.$/, "")}: ${trait.means}`,
  source: `access log, ${seenIn[pattern.kind]}`,
  group: trait.group,
});
