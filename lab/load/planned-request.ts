import type { Random } from "../faults/random.ts";
import { arrivalsOf } from "./arrivals.ts";
import type { Traffic } from "./tried-request.ts";

/** A request as it is to be sent; what it is depends on the seed alone. */
export interface PlannedRequest {
  readonly id: string;
  /** After the beginning. */
  readonly atMs: number;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly bodyBytes: number;
  readonly client: string;
  readonly patienceMs: number;
  readonly isFresh: boolean;
}

/** A client that waits longer than all timers of gateways. */
const longPatienceMs = 75_000;

export function* plannedRequests(
  traffic: Traffic,
  random: Random,
): Generator<PlannedRequest, void, undefined> {
  const { host, paths, clients, patienceMs = longPatienceMs, freshShare = 0.5 } = traffic;
  const total = paths.reduce((sum, { weight }) => sum + weight, 0);
  for (const atMs of arrivalsOf(traffic, random)) {
    let left = random.next() * total;
    const chosen = paths.find(({ weight }) => (left -= weight) < 0) ?? paths[0]!;
    yield {
      id: idFrom(random),
      atMs,
      host,
      method: chosen.method,
      path: chosen.path,
      bodyBytes: chosen.bodyBytes ?? 0,
      client: random.pick(clients),
      patienceMs,
      isFresh: random.next() < freshShare,
    };
  }
}

/** 32 hexadecimal digits, as nginx makes them. */
const idFrom = (random: Random): string =>
  Array.from({ length: 4 }, () =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
