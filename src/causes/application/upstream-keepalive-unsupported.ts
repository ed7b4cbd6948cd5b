import { refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { atBackend } from "../haproxy-words.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { alive, ownerOf } from "../pods.ts";
import { instantCloses, instantMs, isInstantClose } from "./instant-closes.ts";

const unsupportedShare = 0.02;

/**
 * The server closes the connection after each answer without saying so, or can hold only one; the
 * gateway keeps it in its pool and finds it dead at the next request. Percents of the requests
 * fail at once, all through the day, often since an upgrade that turned reuse on.
 */
export const upstreamKeepaliveUnsupported = defineCause({
  id: "upstream-keepalive-unsupported",
  title: "The application does not keep connections alive and the gateway reuses them",
  hop: "application",
  codes: [502, 503],
  prior: 0.01,
  leadsTo: [],
  needs: ["pods", "traffic"],
  helps: ["settings", "patterns"],
  weigh({ pods, traffic, settings }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const here = alive(pods);
    const seen = instantCloses(traffic, pods);
    if (seen.share < unsupportedShare)
      return refuted(
        speaksAgainst.strong(
          `${(seen.share * 100).toFixed(2)} % of the attempts were closed at once`,
          "gateway log",
        ),
      );
    if (seen.nearPodEvents > seen.hits.length / 5)
      return refuted(
        speaksAgainst.strong("the closes are at pods that ended or stopped", "gateway log against pod times"),
      );
    const everServed = seen.hits.filter(
      ({ attempt }) => (traffic.addresses.get(attempt.address)?.firstSuccessMs ?? Infinity) < attempt.endMs,
    ).length;
    if (everServed < seen.hits.length * 0.9)
      return refuted(speaksAgainst.strong("the same addresses did not serve before", "gateway log"));
    const again = seen.hits.filter(({ request, attempt }) => succeededAgain(request, attempt.address)).length;
    const text = `${(seen.share * 100).toFixed(1)} % of the attempts (${seen.hits.length}) were closed within ${instantMs} ms on addresses that answer others, all through the window, with no pod ending`;
    const clues = [speaksFor.strong(text, "gateway log against pod times")];
    if (again > 0)
      clues.push(
        speaksFor.strong(
          `${again} of them succeeded at once on the same pod over a fresh connection`,
          "gateway log, retry lists",
        ),
      );
    if (here.length > 0 && seen.addresses.size >= here.length)
      clues.push(
        speaksFor.moderate(`every pod does it (${seen.addresses.size} of ${here.length})`, "gateway log"),
      );
    if (again === 0 && seen.addresses.size < 2)
      return undecided(`${text}; a crashing worker looks the same`, undefined, clues);
    const subject = here[0] === undefined ? { kind: "Pod", name: "application" } : ownerOf(here[0]);
    const keep =
      settings.state === "present" ? ` (now kept ${settings.value.upstreamKeepaliveMs.value / 1000} s)` : "";
    return {
      state: "supported",
      subject,
      clues,
      explains: (_, attempt) => attempt !== undefined && isInstantClose(attempt),
      fixes: [
        {
          title: `Let the server of ${refText(subject)} answer "Connection: close" when it closes, or keep the connection; or turn reuse off for it at the gateway: ${Object.hasOwn(traffic.formats, "haproxy") ? atBackend("http-reuse never") : `upstream-keepalive-connections "0"${keep}`}`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});

function succeededAgain(request: LoggedRequest, address: string): boolean {
  return request.attempts.some((a) => a.address === address && a.failure === undefined);
}
