import { isServerName } from "../logs/server-name.ts";
import type { Attempt, FailureClass, LoggedRequest, Traffic } from "../logs/traffic.ts";
import type { Observed } from "../evidence/observed.ts";

/** Predicates over failed requests, shared by what causes say they explain. */
export type Explains = (request: LoggedRequest, attempt: Attempt | undefined) => boolean;

/** The class of the attempt, or of the request when no upstream was tried. */
const classOf = (request: LoggedRequest, attempt: Attempt | undefined): FailureClass | undefined =>
  attempt?.failure ?? request.failure;

/** Explains every failure of one of these classes. */
export const ofClass =
  (...classes: readonly FailureClass[]): Explains =>
  (request, attempt) => {
    const failure = classOf(request, attempt);
    return failure !== undefined && classes.includes(failure);
  };

/** Explains failures of these classes at one of these upstream addresses ("ip:port" or "ip"). */
export const atAddress =
  (addresses: ReadonlySet<string>, ...classes: readonly FailureClass[]): Explains =>
  (request, attempt) =>
    attempt !== undefined &&
    (addresses.has(attempt.address) || addresses.has(ipOf(attempt.address))) &&
    (classes.length === 0 || ofClass(...classes)(request, attempt));

/** "10.42.3.17:8080" → "10.42.3.17"; "[fd00::1]:80" → "fd00::1". */
export function ipOf(address: string): string {
  const bracket = /^\[([^\]]*)\](?::\d+)?$/.exec(address);
  if (bracket !== null) return bracket[1]!;
  const colon = address.lastIndexOf(":");
  return colon > 0 && address.indexOf(":") === colon ? address.slice(0, colon) : address;
}

export function portOf(address: string): number | undefined {
  const match = /:(\d+)$/.exec(address);
  return match === null ? undefined : Number(match[1]);
}

/** Nobody knows which pod was asked: HAProxy logs its own server, and of retries elsewhere not even that. */
export const isUnplaced = ({ address }: Attempt): boolean => address === "-" || isServerName(address);

/** Every failed attempt with its request: client-visible and masked alike. */
export function failedAttempts(traffic: Traffic): { request: LoggedRequest; attempt: Attempt }[] {
  return [...traffic.failures, ...traffic.masked].flatMap((request) =>
    request.attempts.filter((a) => a.failure !== undefined).map((attempt) => ({ request, attempt })),
  );
}

/** Failed requests (or attempts) of these classes, empty when there is no log. */
export function failuresOf(traffic: Observed<Traffic>, ...classes: readonly FailureClass[]): LoggedRequest[] {
  if (traffic.state !== "present") return [];
  const matches = ofClass(...classes);
  return [...traffic.value.failures, ...traffic.value.masked].filter((request) => {
    const failed = request.attempts.filter((a) => a.failure !== undefined);
    return failed.length === 0 ? matches(request, undefined) : failed.some((a) => matches(request, a));
  });
}

/** "1,753 of 1,754 requests" for a clue's text. */
export const countText = (part: number, whole: number, what: string): string =>
  `${part.toLocaleString("en")} of ${whole.toLocaleString("en")} ${what}`;
