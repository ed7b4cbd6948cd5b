import type { NginxErrorLine } from "./nginx-error.ts";
import type { NginxErrorMeaning, Rule } from "./nginx-error-meaning.ts";

/** `[lua] balancer.lua:371: execute(): words`, as ngx.log writes it; words further on may be a client's. */
const said = (words: string): RegExp =>
  new RegExp(`^\\[lua\\] \\S{1,300}:\\d{1,6}: (?:[^:\\s]{0,100}: )?${words}`);

const noEndpoint: NginxErrorMeaning = { failure: "no-endpoint", ofRequest: true };
const unresolved: NginxErrorMeaning = {
  failure: "no-endpoint",
  ofRequest: true,
  signal: "name-not-resolved",
};
const refused: NginxErrorMeaning = { failure: "config-answer", ofRequest: true };

/**
 * What the Lua of ingress-nginx (rootfs/etc/nginx/lua/balancer.lua, util/dns.lua), Kong (kong/init.lua, kong/runloop/balancer/init.lua) and
 * APISIX (apisix/init.lua, apisix/balancer.lua, apisix/upstream.lua) writes when a request gets no peer. Kong answers 503, for
 * some errors of a name server 500; APISIX 503 before it has asked a server and 502 after.
 */
export const luaRules: readonly Rule[] = [
  [said("DNS resolution failed: "), unresolved],
  [said("failed to retry the dns/balancer resolver for "), unresolved],
  [said("no Service found with those values"), refused],
  [
    said("failed to (?:pick server|set upstream): .{0,100}(?:no valid upstream node|upstream servers tried)"),
    noEndpoint,
  ],
  [said("failed to set upstream: "), refused],
  [said("failed to pick server: "), noEndpoint],
  [
    said("failed to set (?:server peer|the current peer)"),
    { failure: "unclassified", ofRequest: true, signal: "lua-error" },
  ],
  [said("(?:proxy retry timeout|all endpoints have been retried)"), { ofRequest: true }],
  [said("could not parse backends data"), { signal: "reconfigure-failed" }],
  [
    said(
      "(?:attempted to proxy to self|no alternative balancer|failed to get new upstream|error while setting current upstream peer)",
    ),
    { signal: "lua-error", ofRequest: true },
  ],
  [/failed to query the DNS server/, { signal: "name-not-resolved", ofRequest: true }],
  [
    /^\[lua\] \S{0,300}dns/i,
    (line) => (isError(line) ? { signal: "name-not-resolved", ofRequest: true } : {}),
  ],
];

const isError = ({ level }: NginxErrorLine): boolean =>
  level === "error" || level === "crit" || level === "alert" || level === "emerg";

/** Any other line of a Lua program: at "warn" it may say why a request failed, below that it says how things go. */
export function luaLine(line: NginxErrorLine): NginxErrorMeaning {
  if (isError(line)) return { signal: "lua-error", ofRequest: true };
  return line.level === "warn" ? { ofRequest: true } : {};
}
