import { chanceOfFall, type Counted, requestsToShowNone } from "../base/statistics/fall.ts";
import type { VerifyVerdict } from "../report/verify-report.ts";

/** "Fixed" is wrong in one of a hundred at most. */
const mostLuck = 0.01;

/** However often it had failed: a handful of answers is no proof. */
const fewestRequests = 20;

/** Failures after which there is no doubt that it goes on. */
const clearlyFailing = 5;

export interface Measured extends Counted {
  /** Answers such as 404 that say that the request did not reach what had failed. */
  readonly astray: number;
  /** Failures in which not even a connection was made, by their error: they say nothing of what is behind. */
  readonly unreached: Readonly<Record<string, number>>;
}

export interface Judgement {
  readonly verdict: VerifyVerdict;
  readonly why: string;
  readonly luck?: number;
  /** Requests without a failure that are still to be seen. */
  readonly neededRequests?: number;
}

/** How many requests are to be sent before "fixed" can be said; Infinity when it never can. */
export const requestsWanted = (before: Counted | undefined): number =>
  before === undefined ? Infinity : Math.max(fewestRequests, requestsToShowNone(before, mostLuck));

/** Whether going on could change the judgement. Looked at after each answer. */
export function isDecided(before: Counted | undefined, after: Counted): boolean {
  if (after.failed === 0) return after.requests >= requestsWanted(before);
  if (after.requests < fewestRequests) return false;
  return after.failed >= clearlyFailing || after.requests >= requestsWanted(before);
}

/** What the two counts say of each other. */
export function judgeRate(before: Counted | undefined, after: Measured): Judgement {
  const luck = before === undefined ? undefined : chanceOfFall(before, after);
  const withLuck = luck === undefined ? {} : { luck };
  if (after.requests === 0) return { verdict: "cannot-tell", why: "no request was sent" };
  const unreached = Object.entries(after.unreached);
  if (unreached.reduce((sum, [, count]) => sum + count, 0) === after.requests)
    return {
      verdict: "cannot-tell",
      why: `no request reached the gateway (${unreached.map(([error]) => error).join(", ")}): say where it is with --connect-to HOST:PORT`,
    };
  if (after.failed > 0) {
    const fell = luck !== undefined && luck <= mostLuck;
    const trend = fell ? "fewer than before, but " : "";
    return { verdict: "not-fixed", why: `${trend}${of(after)} still fail`, ...withLuck };
  }
  if (after.astray * 2 > after.requests)
    return {
      verdict: "cannot-tell",
      why: `none failed, but ${after.astray} of ${after.requests} were answered with 404 or another sign that they did not reach the application`,
      ...withLuck,
    };
  if (before === undefined || before.failed === 0)
    return {
      verdict: "cannot-tell",
      why: `none of ${after.requests} failed, but how often they failed before is not known`,
    };
  const wanted = requestsWanted(before);
  if (after.requests >= wanted)
    return {
      verdict: "fixed",
      why: `none of ${after.requests} failed, where ${of(before)} had; luck alone would show that ${chanceText(luck ?? 1)}`,
      ...withLuck,
    };
  return {
    verdict: "cannot-tell",
    why: `none of ${after.requests} failed, but a fault that fails ${of(before)} shows itself so seldom that this may be luck`,
    ...withLuck,
    neededRequests: wanted - after.requests,
  };
}

const of = ({ failed, requests }: Counted): string =>
  `${failed.toLocaleString("en-US")} of ${requests.toLocaleString("en-US")}`;

/** "once in 4,800 times"; rarer than a billion says nothing more. */
function chanceText(chance: number): string {
  if (chance < 1e-9) return "less than once in a billion times";
  return `once in ${Math.floor(1 / chance).toLocaleString("en-US")} times`;
}
