import type { Counted } from "../../base/statistics/fall.ts";
import { durationMs } from "../duration.ts";
import type { FlagValues } from "../flags.ts";
import { UsageProblem } from "../usage-problem.ts";

/** @throws UsageProblem */
export function perSecondOf({ rps }: FlagValues): number {
  if (rps === undefined) return 10;
  const value = Number(rps);
  if (!/^\d+(?:\.\d+)?$/.test(rps) || value < 0.1 || value > 100)
    throw new UsageProblem(`--rps ${rps}: give a number from 0.1 to 100.`);
  return value;
}

/** "12/4000". @throws UsageProblem */
export function beforeOf({ before }: FlagValues): Counted | undefined {
  if (before === undefined) return undefined;
  const match = /^(\d{1,12})\/(\d{1,12})$/.exec(before);
  const failed = Number(match?.[1]);
  const requests = Number(match?.[2]);
  if (match === null || requests === 0 || failed > requests)
    throw new UsageProblem(`--before ${before}: write how many of how many failed, such as 12/4000.`);
  return { failed, requests };
}

/** @throws UsageProblem */
export function methodOf({ method }: FlagValues): string | undefined {
  if (method === undefined) return undefined;
  const upper = method.toUpperCase();
  if (!/^[A-Z]{3,10}$/.test(upper) || upper === "CONNECT")
    throw new UsageProblem(`--method ${method}: name an HTTP method, such as GET or POST.`);
  return upper;
}

/** "127.0.0.1:8080", "[::1]:80", "gateway.example.com:443". @throws UsageProblem */
export function addressOf(text: string, flag: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535)
    throw new UsageProblem(`${flag} ${text}: write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080.`);
  return { host, port };
}

const mostRests = 16;

/** "5s,60s", shortest first, ms. @throws UsageProblem */
export function restsOf({ idle }: FlagValues): number[] {
  if (idle === undefined) return [];
  const parts = idle.split(",").map((part) => part.trim());
  if (parts.includes("")) throw new UsageProblem(`--idle ${idle}: write times such as 5s,60s.`);
  const all = parts.map((part) => durationMs(part, "--idle"));
  if (all.length > mostRests || all.some((ms) => ms < 100 || ms > 3_600_000))
    throw new UsageProblem(`--idle ${idle}: give up to ${mostRests} times from 100ms to 1h, such as 5s,60s.`);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The one time that connections rest when a fix is verified: those of others would keep them busy. @throws UsageProblem */
export function restOf(values: FlagValues): number | undefined {
  const [first, ...others] = restsOf(values);
  if (others.length > 0)
    throw new UsageProblem(
      `--idle ${values.idle}: give one time here; several at once keep each other's connections busy.`,
    );
  return first;
}

export interface Restart {
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly name: string;
  /** Absent: the route's. */
  readonly namespace?: string;
}

const kinds: Readonly<Record<string, Restart["kind"]>> = {
  deployment: "Deployment",
  deploy: "Deployment",
  statefulset: "StatefulSet",
  sts: "StatefulSet",
  daemonset: "DaemonSet",
  ds: "DaemonSet",
};

/** "rollout restart deployment/web", with or without kubectl in front. @throws UsageProblem */
export function restartOf({ during }: FlagValues): Restart | undefined {
  if (during === undefined) return undefined;
  const match =
    /^(?:kubectl )?rollout restart (\w+)[/ ]([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)(?: (?:-n|--namespace)[ =]([a-z0-9](?:[-a-z0-9]*[a-z0-9])?))?$/.exec(
      during.trim(),
    );
  const kind =
    match === null ? undefined : (kinds[match[1]?.replace(/s$/, "") ?? ""] ?? kinds[match[1] ?? ""]);
  const name = match?.[2];
  if (kind === undefined || name === undefined)
    throw new UsageProblem(
      `--during "${during}": write "rollout restart deployment/NAME" (or statefulset, daemonset; of another namespace: -n NAMESPACE behind it).`,
    );
  const namespace = match?.[3];
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
