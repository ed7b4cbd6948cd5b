import type { FailureClass, LoggedRequest, Traffic } from "../../src/logs/traffic.ts";
import { trafficOf } from "../logs/patterns/traffic-of.ts";

/** Traffic of one address and day, each request named by the second in which it ended. */

export const t = (time: string): string => `2026-01-01T${time}Z`;
export const ms = (time: string): number => Date.parse(t(time));

export interface Said {
  readonly at: string;
  readonly ip?: string;
  readonly failure?: FailureClass;
  readonly gatewayPod?: string;
}

/** A request whose only attempt ended at that second; without a failure it was served. */
function requestOf({ at, ip, failure, gatewayPod }: Said): LoggedRequest {
  const endMs = ms(at);
  const address = ip === undefined ? "-" : `${ip}:8080`;
  const attempt = { address, startMs: endMs - 5, endMs, durationMs: 5, ...(failure ? { failure } : {}) };
  return {
    startMs: endMs - 5,
    endMs,
    durationMs: 5,
    method: "GET",
    path: "/",
    status: failure === undefined ? 200 : 502,
    bodyBytes: 0,
    client: "192.0.2.1",
    attempts: ip === undefined ? [] : [attempt],
    ...(failure === undefined ? {} : { failure, origin: "gateway" as const }),
    ...(gatewayPod === undefined ? {} : { gatewayPod }),
    line: at,
  };
}

export const trafficWith = (said: readonly Said[]): Traffic =>
  trafficOf(said.map(requestOf), ms("10:00:00"), ms("12:00:00"));

export const refused = (at: string, ip = "10.0.0.7"): Said => ({ at, ip, failure: "connect-refused" });
export const closed = (at: string, ip = "10.0.0.7"): Said => ({ at, ip, failure: "closed-before-header" });
export const served = (at: string, ip = "10.0.0.7"): Said => ({ at, ip });
