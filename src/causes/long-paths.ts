import { grouped } from "../base/counts.ts";
import { pathTemplate } from "../logs/path-template.ts";
import { countWithin } from "../logs/patterns/histograms.ts";
import type { AddressStats, LoggedRequest, PathStats, Traffic } from "../logs/traffic.ts";

/** What takes long by its nature does so whenever it is asked for, and wherever. */
export interface LongPaths {
  /** Of the paths that time out, those of which nothing says that they are quick otherwise. */
  readonly long: readonly PathStats[];
  /** Why most timeouts do not come from the nature of the work; undefined when nothing speaks against it. */
  readonly against?: { readonly text: string; readonly source: string };
}

/** A run of requests in time that is rarer than this among requests that fail as often is no chance. */
const rare = 0.01;
/** Several addresses are looked at. */
const rareOfSeveral = 0.001;

/** Looks for requests on the same paths, or to other pods, that were answered in time. */
export function longPaths(slow: readonly PathStats[], timerMs: number, traffic: Traffic): LongPaths {
  const quick = slow.flatMap((path) => {
    const inTime = inTimeBesides(path, timerMs);
    return inTime === undefined ? [] : [{ path, inTime }];
  });
  const long = slow.filter((path) => quick.every((q) => q.path !== path));
  const first = quick.toSorted((a, b) => b.inTime - a.inTime)[0];
  if (first !== undefined && failedOn(quick.map((q) => q.path)) >= failedOn(long))
    return {
      long,
      against: {
        text: `before and after the failures ${grouped(first.inTime)} requests on ${first.path.template} were answered in time: it does not take that long by itself`,
        source: "gateway access log, paths and times",
      },
    };
  const sound = soundAddress(traffic);
  if (sound === undefined) return { long };
  return {
    long,
    against: {
      text: `${sound.address} answered ${grouped(sound.attempts)} attempts and none timed out: the pod decides, not the work`,
      source: "gateway access log, upstream addresses",
    },
  };
}

const failedOn = (paths: readonly PathStats[]): number => paths.reduce((n, p) => n + p.failed, 0);

/** Requests of a path outside the time of the failures, in time, when there are too many for it to be chance. */
function inTimeBesides(path: PathStats, timerMs: number): number | undefined {
  const { requests, failed, requestsAmidFailures: amid = requests, successDurations } = path;
  if (successDurations === undefined || amid === 0) return undefined;
  const below = countWithin(successDurations, 0, timerMs);
  // Most answers after more than the timer: they are of the time before somebody shortened it.
  if (successDurations.count > 2 * below) return undefined;
  const inTime = Math.min(requests - amid, below);
  return chanceOfNone(failed / amid, inTime) < rare ? inTime : undefined;
}

/** An address that never timed out, although it was asked so often that it should have, were all alike. */
function soundAddress({ addresses }: Traffic): { address: string; attempts: number } | undefined {
  const all = [...addresses.values()];
  const attempts = all.reduce((n, s) => n + s.attempts, 0);
  const share = all.reduce((n, s) => n + timeoutsOf(s), 0) / Math.max(1, attempts);
  const sound = [...addresses].find(
    ([, s]) => timeoutsOf(s) === 0 && chanceOfNone(share, s.attempts - s.failed) < rareOfSeveral,
  );
  return sound === undefined ? undefined : { address: sound[0], attempts: sound[1].attempts };
}

const timeoutsOf = ({ byClass }: AddressStats): number => byClass["response-timeout"] ?? 0;

/** Chance that none of so many requests fails when this share of them does. */
const chanceOfNone = (share: number, requests: number): number => (1 - Math.min(1, share)) ** requests;

/** Whether a request went to one of these paths. */
export const isOnPath = (paths: readonly PathStats[], request: LoggedRequest): boolean =>
  paths.some(({ template }) => template === pathTemplate(request.path));
