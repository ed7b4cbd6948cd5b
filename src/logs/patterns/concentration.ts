import type { FailureClass, Traffic } from "../traffic.ts";
import { addressMembers } from "./address-members.ts";
import { concentrationOf } from "./concentration-of.ts";
import { type Excess, excessOf, excessTogether, type Member } from "./excess.ts";
import type { Concentration } from "./pattern.ts";
import { requestConcentrations } from "./request-members.ts";

/** Where the pod that has an address of the log runs, and of which revision it is. */
interface Place {
  readonly node?: string;
  /** Hash of its template. */
  readonly revision?: string;
}

/** By address as the log writes it: "10.42.3.17:8080". */
export type Places = ReadonlyMap<string, Place>;

/** With two addresses "all failures on one" says little, and "on both" nothing. */
const fewestAddresses = 3;

/**
 * What failures sit on: an address, or the node or revision whose pods have it; then gateway pod, path, host,
 * method and client. All classes are looked at together, then each by itself where that says something else.
 */
export function concentrations(traffic: Traffic, places: Places = new Map()): readonly Concentration[] {
  return [...addressConcentrations(traffic, places), ...requestConcentrations(traffic)];
}

function addressConcentrations(traffic: Traffic, places: Places): Concentration[] {
  const classes = new Set<FailureClass>();
  for (const stats of traffic.addresses.values()) {
    for (const name of Object.keys(stats.byClass) as FailureClass[]) classes.add(name);
  }
  const gateways = [...classes].filter((name) => name !== "app-status").sort();
  const together = at(
    addressMembers(traffic, gateways),
    places,
    gateways.length === 1 ? gateways[0] : undefined,
  );
  if (gateways.length < 2 && !classes.has("app-status")) return together;
  const known = new Set(together.map(placeText));
  const apart = [...classes]
    .sort()
    .filter((name) => gateways.length > 1 || name === "app-status")
    .flatMap((name) => at(addressMembers(traffic, [name]), places, name));
  return [...together, ...apart.filter((found) => !known.has(placeText(found)))];
}

const placeText = (found: Concentration): string => `${found.on} ${found.keys.join(" ")}`;

/** The smallest place that has nearly all failures and whose every address fails. */
function at(members: readonly Member[], places: Places, failure: FailureClass | undefined): Concentration[] {
  if (members.length < fewestAddresses) return [];
  const addresses = excessOf(members);
  if (addresses?.members.length === 1) return [patternOf("address", addresses, undefined, failure)];
  const groups = (["node", "revision"] as const)
    .flatMap((on) => groupsOn(on, members, places))
    .sort((a, b) => a.excess.trafficShare - b.excess.trafficShare);
  const [smallest] = groups;
  if (smallest !== undefined) {
    return groups
      .filter((g) => g.excess.trafficShare === smallest.excess.trafficShare)
      .map((g) => patternOf(g.on, g.excess, g.key, failure));
  }
  const few = addresses !== undefined && addresses.members.length * 2 <= members.length;
  return few ? [patternOf("address", addresses, undefined, failure)] : [];
}

interface Group {
  readonly on: "node" | "revision";
  readonly key: string;
  readonly excess: Excess;
}

/** A place of one address is that address. */
function groupsOn(on: "node" | "revision", members: readonly Member[], places: Places): Group[] {
  const byKey = Map.groupBy(members, (member) => places.get(member.key)?.[on] ?? "");
  const keys = [...byKey.keys()].filter((key) => key !== "").sort();
  if (byKey.size < 2) return [];
  const failed = members.reduce((sum, m) => sum + m.failed, 0);
  const traffic = members.reduce((sum, m) => sum + m.traffic, 0);
  const isAffected = (m: Member): boolean => m.failed * traffic > m.traffic * failed;
  return keys.flatMap((key) => {
    const group = byKey.get(key) ?? [];
    if (group.length < 2 || !group.every(isAffected)) return [];
    const excess = excessTogether(group, members, keys.length);
    return excess === undefined ? [] : [{ on, key, excess }];
  });
}

function patternOf(
  on: Concentration["on"],
  excess: Excess,
  key: string | undefined,
  failure: FailureClass | undefined,
): Concentration {
  const keys = key === undefined ? excess.members.map((m) => m.key).sort() : [key];
  return concentrationOf(on, keys, excess, failure, "attempts");
}
