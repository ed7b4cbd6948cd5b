import { mapObserved, type Observed } from "../evidence/observed.ts";
import type { Pattern } from "../logs/patterns/pattern.ts";
import type { Traffic } from "../logs/traffic.ts";

/** What the route's failures look like in time, place and shape; unknown without a log. */
export function derivePatterns(traffic: Observed<Traffic>): Observed<readonly Pattern[]> {
  return mapObserved(traffic, () => []);
}
