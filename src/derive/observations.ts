import type { Observed } from "../evidence/observed.ts";
import type { FactName, Facts } from "./views.ts";

/** Every fact about one route, each present, absent or unknown. */
export type Observations = { readonly [F in FactName]: Observed<Facts[F]> };
