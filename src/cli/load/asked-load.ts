import type { Shot } from "../../act/load/shot.ts";
import { durationMs } from "../duration.ts";
import type { FlagValues } from "../flags.ts";
import { UsageProblem } from "../usage-problem.ts";
import { addressOf, methodOf, type Restart, restartOf, restsOf } from "../verify/numbers.ts";
import { type Limits, limitsOf } from "./limits.ts";

/** Everything the command line says, checked. */
export interface AskedLoad {
  readonly shot: Shot;
  readonly perSecond: number;
  readonly forMs: number;
  /** `--duration` was typed: the load lasts so long even when what is done meanwhile is over before. */
  readonly isWholeTime: boolean;
  readonly answerMs: number;
  readonly restsMs: readonly number[];
  readonly limits: Limits;
  readonly during?: Restart & { readonly text: string };
}

const defaultForMs = 60_000;
/** With a rollout the load ends after it; this is the longest one is waited for. */
const longestRolloutMs = 300_000;
const longestMs = 6 * 3_600_000;
/** Latencies of all are kept, to give exact percentiles. */
const mostRequests = 2_000_000;
const mostPerSecond = 1000;
/** Longer than the minute that gateways wait for a response, so that their 504 is seen. */
const defaultAnswerMs = 75_000;

/** @throws UsageProblem */
export function askedLoad(values: FlagValues, urlText: string): AskedLoad {
  const during = restartOf(values);
  const perSecond = perSecondOf(values);
  const forMs = forMsOf(values, during === undefined ? defaultForMs : longestRolloutMs);
  if ((perSecond * forMs) / 1000 > mostRequests)
    throw new UsageProblem(
      `${perSecond} a second for ${forMs / 1000} s are more than ${mostRequests.toLocaleString("en-US")} requests: lower --rps or --duration.`,
    );
  return {
    shot: shotAsked(values, urlText),
    perSecond,
    forMs,
    isWholeTime: values.duration !== undefined,
    answerMs: bounded(values, "max-time", defaultAnswerMs, 100, 600_000),
    restsMs: restsOf(values),
    limits: limitsOf(values),
    ...(during === undefined ? {} : { during: { ...during, text: values.during?.trim() ?? "" } }),
  };
}

function perSecondOf({ rps }: FlagValues): number {
  if (rps === undefined) return 20;
  const value = Number(rps);
  if (!/^\d+(?:\.\d+)?$/.test(rps) || value < 0.1 || value > mostPerSecond)
    throw new UsageProblem(`--rps ${rps}: give a number from 0.1 to ${mostPerSecond}.`);
  return value;
}

const forMsOf = (values: FlagValues, defaultMs: number): number =>
  bounded(values, "duration", defaultMs, 1000, longestMs);

function bounded(
  values: FlagValues,
  name: "duration" | "max-time",
  defaultMs: number,
  leastMs: number,
  mostMs: number,
): number {
  const text = values[name];
  if (text === undefined) return defaultMs;
  const ms = durationMs(text, `--${name}`);
  if (ms < leastMs || ms > mostMs)
    throw new UsageProblem(`--${name} ${text}: give ${leastMs / 1000}s to ${mostMs / 1000}s.`);
  return ms;
}

function shotAsked(values: FlagValues, urlText: string): Shot {
  const method = methodOf(values) ?? "GET";
  const headers = headersOf(values);
  return {
    method,
    url: urlOf(urlText),
    ...(values["connect-to"] === undefined
      ? {}
      : { connectTo: addressOf(values["connect-to"], "--connect-to") }),
    isInsecure: values.insecure === true,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** A host without a scheme is asked by plain HTTP, as curl does. */
function urlOf(text: string): URL {
  if (/^(?:ingress|ing|service|svc|httproute)\//.test(text))
    throw new UsageProblem(`load needs the URL that clients use, not ${text}: load https://HOST/PATH.`);
  const hasScheme = text.includes("://");
  const url = URL.parse(hasScheme ? text : `http://${text}`);
  const isHttp = url !== null && /^https?:$/.test(url.protocol);
  if (!isHttp || url.hostname === "" || url.hostname.includes("*") || url.username !== "")
    throw new UsageProblem(
      `"${text}" is no URL to send requests to: give http://HOST/PATH or https://HOST/PATH${url?.username ? ", and credentials with --header" : ""}.`,
    );
  return url;
}

/** Made by this program, or what would change where a request ends. */
const ownHeaders =
  /^(?:x-request-id|user-agent|connection|content-length|transfer-encoding|upgrade|expect)$/i;

function headersOf({ header = [] }: FlagValues): Record<string, string> {
  return Object.fromEntries(
    header.map((line) => {
      const match = /^([!#$%&'*+.^_`|~\w-]{1,100}):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/.exec(line);
      const [, name = "", value = ""] = match ?? [];
      if (match === null || ownHeaders.test(name))
        throw new UsageProblem(
          match === null
            ? `--header ${line.slice(0, 40)}: write "Name: value".`
            : `--header ${name}: why5xx load sets that itself.`,
        );
      return [name, value];
    }),
  );
}
