import type { Line } from "../lines.ts";
import { hexOf } from "../ids.ts";
import type { Seen } from "./front-log.ts";

/**
 * Lines of an Application Load Balancer, field by field as the Elastic Load Balancing guide lists them ("Access logs for
 * your Application Load Balancer"). `time` is when the answer was made; -1 stands for times that it does not have.
 */
export function albLog(host: string, seen: readonly Seen[], group = "k8s-shop-cart-3f1c7a90de"): Line[] {
  return seen.map((one, i) => ({ atMs: one.atMs, text: lineOf(host, group, one, i) }));
}

function lineOf(host: string, group: string, one: Seen, i: number): string {
  const { target, answered, status, words } = one;
  const isFixed = words === "fixed-response";
  const hasTarget = target !== undefined;
  const times =
    answered === undefined
      ? hasTarget
        ? "0.000 -1 -1"
        : "-1 -1 -1"
      : `0.000 ${(one.elapsedMs / 1000).toFixed(3)} 0.000`;
  const id = hexOf(`${host} ${one.atMs} ${i}`).slice(0, 24);
  const actions = isFixed
    ? "fixed-response"
    : words?.startsWith("Auth") === true
      ? "authenticate"
      : "forward";
  const reason = isFixed || words === undefined ? "-" : words;
  return [
    "https",
    new Date(one.atMs).toISOString().replace("Z", "000Z"),
    "app/k8s-edge-3b07c1d2aa/50dc6c495c0c9188",
    `203.0.113.${7 + (i % 40)}:${40_000 + i}`,
    target ?? "-",
    times,
    String(status).padStart(3, "0"),
    answered ?? "-",
    412 + (i % 90),
    status === 200 ? 2140 : 288,
    `"${one.method} https://${host}:443${one.path} HTTP/1.1"`,
    '"Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0"',
    "TLS_AES_128_GCM_SHA256 TLSv1.3",
    isFixed
      ? "-"
      : `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${group}/73e2d6bc24d8a067`,
    `"Root=1-${Math.floor(one.atMs / 1000).toString(16)}-${id}"`,
    `"${host}"`,
    '"session-reused"',
    "1",
    new Date(one.atMs - one.elapsedMs).toISOString().replace("Z", "000Z"),
    `"${actions}"`,
    '"-"',
    `"${reason}"`,
    `"${target ?? "-"}"`,
    `"${answered ?? "-"}"`,
    '"-" "-"',
    `TID_${id}`,
    '"-" "-" "-"',
  ].join(" ");
}
