import type { Cause } from "../../causes/define-cause.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";

/** By cause: the logged requests it said it explains. */
export type Explained = ReadonlyMap<string, ReadonlySet<LoggedRequest>>;

/** The same catalogue; what its causes say of single requests, which a report only counts, is kept. */
export function recordingExplanations(catalogue: readonly Cause[]): {
  readonly causes: readonly Cause[];
  readonly explained: Explained;
} {
  const explained = new Map<string, Set<LoggedRequest>>();
  const causes = catalogue.map((cause): Cause => {
    const claimed = new Set<LoggedRequest>();
    explained.set(cause.id, claimed);
    return {
      ...cause,
      weigh: (facts) => {
        const judged = cause.weigh(facts);
        if (judged.state !== "supported" || judged.explains === undefined) return judged;
        const { explains } = judged;
        return {
          ...judged,
          explains: (request, attempt) => {
            const does = explains(request, attempt);
            if (does) claimed.add(request);
            return does;
          },
        };
      },
    };
  });
  return { causes, explained };
}
