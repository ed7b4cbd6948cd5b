import type { Gateway } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import { pathTemplate } from "../../logs/path-template.ts";
import type { AppSignal, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, type Judgement, refuted, undecided } from "../define-cause.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { alive, ownerOf } from "../pods.ts";
import { isScattered } from "../scatter.ts";
import { atBackend } from "../haproxy-words.ts";
import type { Fix } from "../fix.ts";
import { configFix } from "../gateway/config-fix.ts";
import { configuredKeepAlive } from "./configured-keep-alive.ts";
import {
  type InstantCloses,
  instantCloses,
  instantMs,
  isInstantClose,
  isQuickClose,
  quickCloses,
  stalledMs,
} from "./instant-closes.ts";

/** A race alone reaches 1e-6 to 1e-4 of the requests; above this another mechanism is at work. */
const raceShare = 0.01;
/** Of an application that is known to give up first, and that requests reach in bursts after a pause of that length. */
const knownShare = 0.05;
const fewest = 3;

/**
 * The application closes an idle connection at the very moment the gateway sends the next request
 * on it. The gateway sees the connection closed before a header; GETs are repeated and nobody
 * notices, POSTs become a 502. It happens where the application keeps idle connections for a
 * shorter time than the gateway does (Node 5 s, gunicorn 2 s, Tomcat 20 s against 60 s). One whose event
 * loop stands still closes them when it goes on: all that arrived meanwhile is lost, some hundredths of a second late.
 */
export const keepaliveIdleRace = defineCause({
  id: "keepalive-idle-race",
  title: "The application closes idle connections that the gateway is about to reuse",
  hop: "application",
  codes: [502, 503],
  prior: 0.04,
  leadsTo: [],
  needs: ["pods", "traffic"],
  helps: ["settings", "appLog", "patterns", "gateway"],
  weigh({ pods, traffic, settings, appLog, gateway }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const here = alive(pods);
    const keep = settings.state === "present" ? settings.value.upstreamKeepaliveMs : undefined;
    const own = configuredKeepAlive(here);
    const isShorter = own !== undefined && keep !== undefined && own.valueMs < keep.value;
    const instant = instantCloses(traffic, pods);
    const all = quickCloses(traffic, pods);
    // Later closes may be of many kinds: they count where the race is plain without them, or the timers are known.
    const isKnown = isShorter && isSpread(all, traffic);
    const most = isKnown ? knownShare : raceShare;
    const seen = (isKnown || instant.hits.length >= fewest) && all.share <= most ? all : instant;
    const count = seen.hits.length;
    if (count === 0)
      return refuted(speaksAgainst.decisive("no attempt was closed at once before a header", "gateway log"));
    if (own !== undefined && keep !== undefined && own.valueMs > keep.value)
      return refuted(
        speaksAgainst.strong(
          `the application keeps idle connections for ${own.valueMs / 1000} s (${own.text}), longer than the gateway's ${keep.value / 1000} s`,
          own.source,
        ),
      );
    const event = ofAnEvent(seen, appLog);
    if (event !== undefined) return event;
    if (seen.share > most)
      return refuted(
        speaksAgainst.strong(
          `${(seen.share * 100).toFixed(1)} % of the attempts were closed, far more than a race gives`,
          "gateway log",
        ),
      );
    const late = count - seen.hits.filter(({ attempt }) => isInstantClose(attempt)).length;
    const when =
      late === 0
        ? `within ${instantMs} ms`
        : `within ${stalledMs} ms, ${late} of them later than ${instantMs} ms, as by a process that stands still now and then`;
    const text = `${count} attempts (${perMillion(seen.share)}) were closed ${when}, before a header, and no pod ended or stopped then`;
    const clues: Clue[] = [speaksFor.strong(text, "gateway log against pod times", { group: "closes" })];
    if (count < fewest)
      return undecided(`${text}; too few to tell a race from an accident`, undefined, clues);
    if (isShorter)
      clues.push(
        speaksFor.strong(
          `the application keeps idle connections for ${own.valueMs / 1000} s (${own.text}), the gateway for ${keep.value / 1000} s`,
          own.source,
          { group: "timers" },
        ),
      );
    clues.push(...signs(seen, here.length));
    if (keep !== undefined && !isShorter)
      clues.push(
        speaksFor.weak(`the gateway keeps idle upstream connections for ${keep.value / 1000} s`, keep.source),
      );
    const subject = here[0] === undefined ? { kind: "Pod", name: "application" } : ownerOf(here[0]);
    const wantedS = Math.round(((keep?.value ?? 60_000) * 1.25) / 1000);
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) =>
        attempt !== undefined &&
        (late === 0 ? isInstantClose(attempt) : isQuickClose(request, attempt, pods)),
      fixes: [
        {
          title: `Let the application of ${refText(subject)} keep idle connections longer than the gateway does: ${wantedS} s (Node server.keepAliveTimeout, gunicorn --keep-alive, uvicorn --timeout-keep-alive, server.tomcat.keep-alive-timeout)`,
          applicability: "display-only",
          commands: [],
        },
        Object.hasOwn(traffic.formats, "haproxy")
          ? {
              title: `Or let the gateway open a connection for each request: ${atBackend("http-reuse never")}`,
              applicability: "display-only",
              commands: [],
            }
          : gatewayFirst(
              gateway,
              seen.hits.map((h) => h.attempt.idleMs),
              own?.valueMs,
            ),
      ],
    };
  },
});

/** Closes that came as a pod or a worker ended are of that end. */
function ofAnEvent(seen: InstantCloses, appLog: Observed<readonly AppSignal[]>): Judgement | undefined {
  const count = seen.hits.length;
  if (seen.nearPodEvents > count / 2)
    return refuted(
      speaksAgainst.strong(
        `${seen.nearPodEvents} of ${count} closes are at pods that ended, restarted or were told to stop then, or are gone`,
        "gateway log against pod times",
      ),
    );
  const deaths = workerDeaths(appLog);
  const dying = seen.hits.filter((h) =>
    deaths.some((ms) => Math.abs(ms - h.attempt.endMs) <= deathMs),
  ).length;
  if (dying > count / 2)
    return refuted(
      speaksAgainst.strong(
        `${dying} of ${count} closes came as a worker of the application died`,
        "gateway log against application log",
      ),
    );
  return undefined;
}

function signs(seen: InstantCloses, pods: number): Clue[] {
  const clues: Clue[] = [];
  if (pods > 1 && seen.addresses.size >= Math.min(pods, 3))
    clues.push(
      speaksFor.moderate(`spread over ${seen.addresses.size} of ${pods} pods`, "gateway log", {
        group: "spread",
      }),
    );
  if (seen.masked > 0)
    clues.push(
      speaksFor.strong(
        `${seen.masked} of them were repeatable requests that the next attempt answered`,
        "gateway log, retry lists",
      ),
    );
  if (seen.visible > 0 && seen.unrepeatable === seen.visible)
    clues.push(
      speaksFor.strong(
        `every failure that a client saw (${seen.visible}) was a POST or PATCH, which is not repeated`,
        "gateway log, methods",
        { group: "methods" },
      ),
    );
  if (isScattered(seen.hits.map((h) => h.attempt.endMs)))
    clues.push(
      speaksFor.moderate("they are scattered over the window, without bursts", "gateway log", {
        group: "scatter",
      }),
    );
  return clues;
}

/** A handler that cuts its own requests does so on its own path; idle connections serve every path. */
function isSpread(seen: InstantCloses, traffic: Traffic): boolean {
  const paths = new Set(seen.hits.map(({ request }) => pathTemplate(request.path)));
  return paths.size > 1 || traffic.paths.length <= 1;
}

/** Slack for joining a line of the application with one of the gateway. */
const deathMs = 3000;

const workerDeaths = (appLog: Observed<readonly AppSignal[]>): number[] =>
  appLog.state === "present"
    ? appLog.value
        .filter((s) => s.kind === "worker-killed" || s.kind === "worker-timeout")
        .flatMap((s) => s.timeMs ?? [])
    : [];

/**
 * A connection that was closed had been idle for at least as long as its address had: the longest of these times is
 * the least that the application waits, unless it says itself how long. nginx counts in whole seconds; where that is
 * too coarse, nothing is kept.
 */
function gatewayFirst(
  gateway: Observed<Gateway>,
  idleMs: readonly (number | undefined)[],
  ownMs: number | undefined,
): Fix {
  const why = "Or let the gateway drop idle upstream connections before the application does";
  const known = idleMs.filter((ms) => ms !== undefined);
  const waitsMs = ownMs ?? (known.length === 0 ? undefined : Math.max(...known));
  const seconds = waitsMs === undefined ? 1 : Math.floor(waitsMs / 1000) - 1;
  return seconds >= 1
    ? configFix(
        gateway,
        { "upstream-keepalive-timeout": String(seconds) },
        why,
        "reloads the gateway; idle connections to every application are kept for a shorter time",
      )
    : configFix(
        gateway,
        { "upstream-keepalive-connections": "0" },
        why,
        "reloads the gateway; each request to any application opens a connection of its own",
      );
}

const perMillion = (share: number): string =>
  share >= 0.001 ? `${(share * 100).toFixed(2)} %` : `${Math.round(share * 1e6)} in a million`;
