import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { raceSigns } from "../load-balancer/races.ts";
import { balanced, explainedBy, firstAt, madeHere, quoted, unlessLoggedBy } from "../outer-log.ts";
import { countText, type Explains } from "../requests.ts";

const fewest = 3;
const raceShare = 0.01;
/** The way from a CDN to an origin may be across an ocean. */
const instantMs = 500;
const closed = madeHere("closed-before-header", "unclassified");

const isInstant: Explains = (request, attempt) =>
  closed(request, attempt) && (attempt?.durationMs ?? request.durationMs) <= instantMs;
/** A handshake took time, so the connection was new and no timer had run on it. */
const isFresh: Explains = (_, attempt) => (attempt?.connectMs ?? 0) > 0;
const isReused: Explains = (_, attempt) => attempt?.connectMs === 0 || attempt?.connectMs === null;

/**
 * The CDN reuses an idle connection to the origin (Cloudflare for up to 900 s) that the load balancer or gateway there
 * has just closed, or that a NAT on the way has dropped.
 */
export const cdnOriginKeepaliveRace = defineCause({
  id: "cdn-origin-keepalive-race",
  title: "The origin closes idle connections that the CDN is about to reuse",
  hop: "cdn",
  codes: [520, 502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway", "patterns"],
  weigh({ route, traffic, gateway }) {
    const elsewhere = unlessLoggedBy("cdn", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const all = explainedBy(traffic, isInstant);
    if (all.length === 0)
      return refuted(
        speaksAgainst.decisive("the origin closed no connection at once and without an answer", "CDN's log"),
      );
    const explains: Explains = (request, attempt) =>
      isInstant(request, attempt) && !isFresh(request, attempt);
    const hits = explainedBy(traffic, explains);
    if (hits.length < all.length / 2)
      return refuted(
        speaksAgainst.strong(
          `${countText(all.length - hits.length, all.length, "closed connections")} had just been opened, so no idle timer ended them`,
          "CDN's log, handshake times",
        ),
      );
    const share = hits.length / Math.max(1, traffic.requests);
    if (share > raceShare)
      return refuted(
        speaksAgainst.strong(
          `${countText(hits.length, traffic.requests, "requests")} ended so, ${(share * 100).toFixed(1)} %: far more than a race gives`,
          "CDN's log",
        ),
      );
    const text = `${countText(hits.length, traffic.requests, "requests")} ended at once, without an answer of the origin${quoted(hits)}`;
    const clues: Clue[] = [
      speaksFor.strong(text, `CDN's log, first at ${firstAt(hits)}`, { group: "closes" }),
    ];
    const reused = hits.filter((h) => isReused(h.request, h.attempt)).length;
    if (reused === hits.length)
      clues.push(
        speaksFor.strong(
          `${reused === 1 ? "it was" : `all ${reused} were`} sent on a connection from before, without a handshake`,
          "CDN's log, handshake times",
        ),
      );
    clues.push(...raceSigns(hits, () => undefined).clues);
    if (hits.length < fewest)
      return undecided(`${text}; too few to tell a race from an accident`, undefined, clues);
    return {
      state: "supported",
      subject: balanced(route, gateway),
      clues,
      explains,
      fixes: [
        {
          title:
            'Let the origin keep idle client connections longer than the CDN reuses them: keep-alive "910" in the ConfigMap of ingress-nginx, a longer idle timeout of the load balancer; or turn reuse off at the CDN',
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
