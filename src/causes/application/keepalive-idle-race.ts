import type { Gateway } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { alive, ownerOf } from "../pods.ts";
import { isScattered } from "../scatter.ts";
import { instantCloses, instantMs, isInstantClose } from "./instant-closes.ts";
import type { Fix } from "../fix.ts";
import { configFix } from "../gateway/config-fix.ts";

/** A race alone reaches 1e-6 to 1e-4 of the requests; above this another mechanism is at work. */
const raceShare = 0.01;
const fewest = 3;

/**
 * The application closes an idle connection at the very moment the gateway sends the next request
 * on it. The gateway sees the connection closed before a header; GETs are repeated and nobody
 * notices, POSTs become a 502. It happens where the application keeps idle connections for a
 * shorter time than the gateway does (Node 5 s, gunicorn 2 s, Tomcat 20 s against 60 s).
 */
export const keepaliveIdleRace = defineCause({
  id: "keepalive-idle-race",
  title: "The application closes idle connections that the gateway is about to reuse",
  hop: "application",
  codes: [502, 503],
  prior: 0.04,
  leadsTo: [],
  needs: ["pods", "traffic"],
  helps: ["settings", "patterns", "gateway"],
  weigh({ pods, traffic, settings, gateway }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const here = alive(pods);
    const seen = instantCloses(traffic, pods);
    const count = seen.hits.length;
    if (count === 0)
      return refuted(speaksAgainst.decisive("no attempt was closed at once before a header", "gateway log"));
    if (seen.nearPodEvents > count / 2)
      return refuted(
        speaksAgainst.strong(
          `${seen.nearPodEvents} of ${count} closes are at pods that ended, restarted or were told to stop then, or are gone`,
          "gateway log against pod times",
        ),
      );
    if (seen.share > raceShare)
      return refuted(
        speaksAgainst.strong(
          `${(seen.share * 100).toFixed(1)} % of the attempts were closed, far more than a race gives`,
          "gateway log",
        ),
      );
    const text = `${count} attempts (${perMillion(seen.share)}) were closed within ${instantMs} ms, before a header, and no pod ended or stopped then`;
    const clues: Clue[] = [speaksFor.strong(text, "gateway log against pod times", { group: "closes" })];
    if (count < fewest)
      return undecided(`${text}; too few to tell a race from an accident`, undefined, clues);
    if (here.length > 1 && seen.addresses.size >= Math.min(here.length, 3))
      clues.push(
        speaksFor.moderate(`spread over ${seen.addresses.size} of ${here.length} pods`, "gateway log", {
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
    const keep = settings.state === "present" ? settings.value.upstreamKeepaliveMs : undefined;
    if (keep !== undefined)
      clues.push(
        speaksFor.weak(`the gateway keeps idle upstream connections for ${keep.value / 1000} s`, keep.source),
      );
    const subject = here[0] === undefined ? { kind: "Pod", name: "application" } : ownerOf(here[0]);
    const wantedS = Math.round(((keep?.value ?? 60_000) * 1.25) / 1000);
    return {
      state: "supported",
      subject,
      clues,
      explains: (_, attempt) => attempt !== undefined && isInstantClose(attempt),
      fixes: [
        {
          title: `Let the application of ${refText(subject)} keep idle connections longer than the gateway does: ${wantedS} s (Node server.keepAliveTimeout, gunicorn --keep-alive, uvicorn --timeout-keep-alive, server.tomcat.keep-alive-timeout)`,
          applicability: "display-only",
          commands: [],
        },
        gatewayFirst(
          gateway,
          seen.hits.map((h) => h.attempt.idleMs),
        ),
      ],
    };
  },
});

/**
 * A connection that was closed had been idle for at least as long as its address had: the longest of these times is
 * the least that the application waits. nginx counts in whole seconds; where that is too coarse, nothing is kept.
 */
function gatewayFirst(gateway: Observed<Gateway>, idleMs: readonly (number | undefined)[]): Fix {
  const why = "Or let the gateway drop idle upstream connections before the application does";
  const known = idleMs.filter((ms) => ms !== undefined);
  const seconds = known.length === 0 ? 1 : Math.floor(Math.max(...known) / 1000) - 1;
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
