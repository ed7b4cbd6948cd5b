import type { SentRequest } from "../evidence/sent-request.ts";
import type { LoggedRequest, Traffic } from "../logs/traffic.ts";

/** How a request that was sent was found again in the gateway's log. */
export type JoinedBy = "id" | "port" | "time";

export interface JoinedRequest {
  readonly sent: SentRequest;
  /** Absent: the log has no failure that could be it. */
  readonly logged?: LoggedRequest;
  readonly by?: JoinedBy;
}

/** Clocks differ, and nginx's `$time_local` has whole seconds. */
const nearMs = 2500;

/**
 * Finds each failed request in the gateway's log: by the id it carried, else by the client's port, which HAProxy logs,
 * else by method, path and time. `skewMs`: the log's clock minus the sender's. A line is taken once.
 */
export function joinSent(
  failed: readonly SentRequest[],
  traffic: Traffic | undefined,
  skewMs: number,
): readonly JoinedRequest[] {
  const logged = traffic === undefined ? [] : [...traffic.failures, ...traffic.masked, ...traffic.aborted];
  const byId = new Map(
    logged.flatMap((request) => (request.requestId ? [[request.requestId, request]] : [])),
  );
  const byPort = Map.groupBy(logged, (request) => clientPort(request.line));
  // A line with somebody else's id is somebody else's.
  const nameless = Map.groupBy(
    logged.filter(({ requestId }) => requestId === undefined),
    (request) => `${request.method} ${request.path}`,
  );
  const taken = new Set<LoggedRequest>();
  const nearest = (
    sent: SentRequest,
    candidates: readonly LoggedRequest[] = [],
  ): LoggedRequest | undefined => {
    const distance = (request: LoggedRequest): number => Math.abs(request.endMs - sent.endMs - skewMs);
    return candidates
      .filter((request) => !taken.has(request) && distance(request) <= nearMs)
      .sort((a, b) => distance(a) - distance(b))[0];
  };
  const ofPort = ({ localPort }: SentRequest): readonly LoggedRequest[] =>
    localPort === undefined ? [] : (byPort.get(localPort) ?? []);
  // Behind a port-forward, a load balancer or NAT the gateway sees the port of that, which tells nothing.
  const tellsPorts = failed.some((sent) => nearest(sent, ofPort(sent)) !== undefined);
  return failed.map((sent) => {
    const found =
      named("id", byId.get(sent.id)) ??
      named("port", nearest(sent, ofPort(sent))) ??
      named(
        "time",
        nearest(sent, (nameless.get(`${sent.method} ${sent.path}`) ?? []).filter(fits(sent, tellsPorts))),
      );
    if (found === undefined) return { sent };
    taken.add(found.logged);
    return { sent, ...found };
  });
}

const named = (
  by: JoinedBy,
  logged: LoggedRequest | undefined,
): { readonly by: JoinedBy; readonly logged: LoggedRequest } | undefined =>
  logged === undefined ? undefined : { by, logged };

/** Whose port is logged and is another's is another's; and the status is the same on both ends. */
const fits =
  ({ status, localPort }: SentRequest, tellsPorts: boolean) =>
  (request: LoggedRequest): boolean =>
    (status === undefined || status === request.status) &&
    (!tellsPorts || localPort === undefined || clientPort(request.line) === undefined);

/** "10.0.0.9:40112 [24/Nov/2026:…": the client's port in HAProxy's httplog (haproxy doc/configuration.txt 8.2.3). */
function clientPort(line: string): number | undefined {
  const port = /(?:^|\s)\[?[\da-fA-F.:]{2,45}\]?:(\d{1,5}) \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}
