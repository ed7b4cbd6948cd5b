import type { FactName, Facts } from "../derive/views.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import type { Pattern } from "../logs/patterns/pattern.ts";
import type { Attempt, LoggedRequest, Traffic } from "../logs/traffic.ts";
import type { Clue } from "./clue.ts";
import { withFingerprint } from "./fingerprints/fingerprint.ts";
import type { Fix } from "./fix.ts";

export type Hop =
  | "client"
  | "dns"
  | "cdn"
  | "load-balancer"
  | "gateway"
  | "service"
  | "endpoints"
  | "pod"
  | "application"
  | "dependency"
  | "node"
  | "mesh";

/** What a cause says of one route. */
export type Judgement = Supported | Refuted | Undecided;

export interface Supported {
  readonly state: "supported";
  /** The object that is wrong or to be changed. */
  readonly subject: ObjectRef;
  readonly clues: readonly Clue[];
  /** Does this cause explain that failed request? Absent: it explains no single request. */
  readonly explains?: (request: LoggedRequest, attempt: Attempt | undefined) => boolean;
  /** Its failures leave no line of this route in the gateway's log, so none there need be its victim. */
  readonly leavesNoLine?: boolean;
  readonly fixes: readonly Fix[];
  /** A Service to diagnose next: the chain goes on behind it. */
  readonly follow?: ObjectRef;
}

export interface Refuted {
  readonly state: "refuted";
  readonly clues: readonly Clue[];
}

export interface Undecided {
  readonly state: "undecided";
  readonly clues: readonly Clue[];
  /** What is missing or ambiguous, one sentence. */
  readonly why: string;
  /** The next command or place to look. */
  readonly lookAt?: string;
}

export const refuted = (...clues: Clue[]): Refuted => ({ state: "refuted", clues });
export const undecided = (why: string, lookAt?: string, clues: readonly Clue[] = []): Undecided =>
  lookAt === undefined ? { state: "undecided", clues, why } : { state: "undecided", clues, why, lookAt };

type Needed<N extends FactName> = { readonly [F in N]: Facts[F] };
type Helpful<H extends FactName> = { readonly [F in H]: Observed<Facts[F]> };

export interface CauseSpec<N extends FactName, H extends FactName> {
  /** Kebab-case, names the broken thing, never the remedy; never reused once released. */
  readonly id: string;
  /** The cause in one sentence, as a headline: "The Service selects no pod". */
  readonly title: string;
  readonly hop: Hop;
  /** Status codes a client can see from it. */
  readonly codes: readonly number[];
  /** Probability before any clue, damped; 0.005 rare, 0.02 usual, 0.05 common. */
  readonly prior: number;
  /** Causes that this one can be the reason of. */
  readonly leadsTo: readonly string[];
  /** Facts without which nothing can be said: unknown → undecided, absent → refuted, by the engine. */
  readonly needs: readonly N[];
  /** Facts that add weight when there; handed over in their three states. */
  readonly helps: readonly H[];
  readonly weigh: (facts: Needed<N> & Helpful<H>) => Judgement;
}

/** A cause with its facts' types erased, so that all fit one catalogue. */
export interface Cause extends Omit<CauseSpec<FactName, FactName>, "weigh"> {
  readonly weigh: (facts: Needed<never> & Helpful<never>) => Judgement;
}

/**
 * Declares a cause. The compiler hands `weigh` only what `needs` (plain values) and `helps`
 * (Observed values) name; the engine narrows at run time as well. A cause that names `patterns` and
 * `traffic` is held against its fingerprint as well: what the patterns of its failures say is added.
 */
export function defineCause<const N extends FactName, const H extends FactName = never>(
  spec: CauseSpec<N, H>,
): Cause {
  const cause = spec as unknown as Cause;
  if (!(spec.helps as readonly FactName[]).includes("patterns")) return cause;
  const isNeeded = (spec.needs as readonly FactName[]).includes("traffic");
  return {
    ...cause,
    weigh(facts) {
      const { patterns, traffic } = facts as HeldAgainst;
      const seen = isNeeded ? present(traffic as Traffic) : (traffic as Observed<Traffic>);
      return withFingerprint(spec.id, cause.weigh(facts), patterns, seen);
    },
  };
}

interface HeldAgainst {
  readonly patterns: Observed<readonly Pattern[]>;
  /** Plain where the cause needs it. */
  readonly traffic: Traffic | Observed<Traffic>;
}
