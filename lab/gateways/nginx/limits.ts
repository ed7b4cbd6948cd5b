import type { Location, ServerBlock } from "./configuration.ts";

/** Zone of an Ingress: namespace, name, uid (internal/ingress/annotations/ratelimit/main.go). */
const zoneOf = ({ source }: Location): string => `${source.namespace}_${source.ingress}_${source.uid}`;

const key = "$binary_remote_addr";

/** template.go `buildRateLimitZones`. */
export function limitZones(servers: readonly ServerBlock[]): string[] {
  const zones = new Set<string>();
  for (const location of servers.flatMap((server) => server.locations)) {
    const { connections, rps, rpm } = location.settings.limits;
    const zone = zoneOf(location);
    if (connections > 0) zones.add(`limit_conn_zone ${key} zone=${zone}_conn:5m;`);
    if (rpm > 0) zones.add(`limit_req_zone ${key} zone=${zone}_rpm:5m rate=${rpm}r/m;`);
    if (rps > 0) zones.add(`limit_req_zone ${key} zone=${zone}_rps:5m rate=${rps}r/s;`);
  }
  return [...zones].sort();
}

/** template.go `buildRateLimit`. */
export function limitsOf(location: Location): string[] {
  const { connections, rps, rpm, burstMultiplier } = location.settings.limits;
  const zone = zoneOf(location);
  return [
    ...(connections > 0 ? [`limit_conn ${zone}_conn ${connections};`] : []),
    ...(rps > 0 ? [`limit_req zone=${zone}_rps burst=${rps * burstMultiplier} nodelay;`] : []),
    ...(rpm > 0 ? [`limit_req zone=${zone}_rpm burst=${rpm * burstMultiplier} nodelay;`] : []),
  ];
}
