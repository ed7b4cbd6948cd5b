import type { DependencyView } from "../../derive/views.ts";
import type { AppSignal, AppSignalKind } from "../../logs/traffic.ts";

/** Lines of the application's log about this dependency: its host, its Service's name or cluster IP in `peer` or in the line. */
export function complaintsAbout(
  dependency: DependencyView,
  log: readonly AppSignal[],
  ...kinds: readonly AppSignalKind[]
): AppSignal[] {
  const { host, service, serviceIps = [], port } = dependency;
  const names = [host, service?.name, ...serviceIps].filter((n) => n !== undefined && n !== "");
  return log.filter((s) => kinds.includes(s.kind) && names.some((n) => mentions(s, n!, port)));
}

function mentions(signal: AppSignal, name: string, port: number | undefined): boolean {
  const peer = signal.peer;
  if (peer !== undefined) {
    const host = peer.replace(/:\d+$/, "");
    const peerPort = /:(\d+)$/.exec(peer)?.[1];
    const isHost = host === name || host.startsWith(`${name}.`) || name.startsWith(`${host}.`);
    if (isHost) return port === undefined || peerPort === undefined || Number(peerPort) === port;
    // Go names the address it dialled beside the URL it was asked for.
    if (!isAddress.test(host)) return false;
  }
  return new RegExp(`(?:^|[^\\w.-])${escapeRegExp(name)}(?:[^\\w-]|$)`).test(signal.line);
}

const isAddress = /^[\d.]+$|^\[?[\da-f:]+\]?$/i;

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
