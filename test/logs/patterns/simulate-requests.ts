import type { Attempt, FailureClass, LoggedRequest, Traffic } from "../../../src/logs/traffic.ts";
import { type Chance, chanceOf } from "./random.ts";
import { trafficOf } from "./traffic-of.ts";

/** 2026-11-18T10:00:00Z. */
export const startMs = Date.UTC(2026, 10, 18, 10);

export interface Outcome {
  readonly durationMs: number;
  readonly failure?: FailureClass;
}

/** A request on its way, before its attempts are made. */
export interface Asked {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly client: string;
  readonly host: string;
  readonly gatewayPod: string;
  readonly requestBytes: number;
}

/** Times are milliseconds from the start of the simulation. */
export interface World {
  readonly seed: number;
  readonly spanMs?: number;
  /** Requests in a second, at a time. */
  readonly rps?: number | ((ms: number) => number);
  /** Addresses that the gateway knows at a time. */
  readonly addresses?: readonly string[] | ((ms: number) => readonly string[]);
  readonly answer: (address: string, ms: number, asked: Asked, chance: Chance) => Outcome;
  /** Tries of requests that are not POST; 3 by default, as ingress-nginx does. */
  readonly tries?: number;
  readonly ask?: (ms: number, chance: Chance) => Partial<Asked>;
  /** How long a client waits. */
  readonly patienceMs?: number;
  /** The log's clock has whole seconds. */
  readonly wholeSeconds?: boolean;
}

export const fourPods = ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080", "10.0.0.4:8080"];

/** Requests come at random and are spread evenly over the addresses; failed tries of a GET go to another one. */
export function simulate(world: World): Traffic {
  const chance = chanceOf(world.seed);
  const spanMs = world.spanMs ?? 600_000;
  const rpsAt = (ms: number): number => (typeof world.rps === "function" ? world.rps(ms) : (world.rps ?? 20));
  const mostRps = typeof world.rps === "function" ? mostOf(world.rps, spanMs) : rpsAt(0);
  const requests: LoggedRequest[] = [];
  for (let ms = chance.exponential(1000 / mostRps); ms < spanMs; ms += chance.exponential(1000 / mostRps)) {
    if (chance.next() * mostRps < rpsAt(ms)) requests.push(request(world, Math.round(ms), chance));
  }
  return trafficOf(requests, startMs, startMs + spanMs);
}

function mostOf(rps: (ms: number) => number, spanMs: number): number {
  const values = Array.from({ length: 101 }, (_, i) => rps((spanMs * i) / 100));
  return Math.max(...values, 0.01);
}

function request(world: World, ms: number, chance: Chance): LoggedRequest {
  const asked: Asked = {
    atMs: ms,
    method: chance.next() < 0.75 ? "GET" : "POST",
    path: chance.pick(["/", "/cart", "/orders", "/search", "/login"]),
    client: `192.0.2.${1 + Math.floor(chance.next() * 40)}`,
    host: "shop.example.com",
    gatewayPod: chance.pick(["ingress-nginx/controller-a", "ingress-nginx/controller-b"]),
    requestBytes: Math.round(chance.logNormal(700, 0.7)),
    ...world.ask?.(ms, chance),
  };
  const attempts = attemptsOf(world, asked, chance);
  const fullMs = attempts.reduce((sum, attempt) => sum + (attempt.durationMs ?? 0), 0);
  const left = world.patienceMs !== undefined && fullMs > world.patienceMs;
  const durationMs = left ? (world.patienceMs ?? 0) : fullMs;
  const failure = left ? undefined : attempts.at(-1)?.failure;
  const endMs = startMs + ms + durationMs;
  return {
    startMs: startMs + ms,
    endMs: world.wholeSeconds === true ? Math.floor(endMs / 1000) * 1000 : endMs,
    durationMs,
    method: asked.method,
    host: asked.host,
    path: asked.path,
    status: left ? 499 : failure === undefined ? 200 : failure.endsWith("timeout") ? 504 : 502,
    bodyBytes: 150,
    requestBytes: asked.requestBytes,
    client: asked.client,
    gatewayPod: asked.gatewayPod,
    attempts: left ? [] : attempts,
    ...(failure === undefined ? {} : { failure, origin: "gateway" as const }),
    line: `${asked.client} ${endMs} ${asked.method} ${asked.path}`,
  };
}

function attemptsOf(world: World, asked: Asked, chance: Chance): Attempt[] {
  const known = typeof world.addresses === "function" ? world.addresses(asked.atMs) : world.addresses;
  const left = [...(known ?? fourPods)];
  const tries = asked.method === "POST" ? 1 : (world.tries ?? 3);
  const attempts: Attempt[] = [];
  let ms = asked.atMs;
  while (attempts.length < tries && left.length > 0) {
    const [address = "-"] = left.splice(Math.floor(chance.next() * left.length), 1);
    const { durationMs: exactMs, failure } = world.answer(address, ms, asked, chance);
    const durationMs = Math.round(exactMs);
    const endMs = startMs + ms + durationMs;
    const stampedMs = world.wholeSeconds === true ? Math.floor(endMs / 1000) * 1000 : endMs;
    attempts.push({
      address,
      startMs: stampedMs - durationMs,
      endMs: stampedMs,
      durationMs,
      status: failure === undefined ? 200 : 502,
      ...(failure === undefined ? {} : { failure }),
    });
    if (failure === undefined) break;
    ms += durationMs;
  }
  return attempts;
}
