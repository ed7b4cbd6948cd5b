import { get, post } from "./behaviours.ts";
import type { RequestPlan } from "./script.ts";

/** Ordinary use of a shop for about two seconds: reads, a few writes, several clients. */
export function everyday(path = "", clients?: readonly string[]): RequestPlan[] {
  const more = clients === undefined ? {} : { client: clients };
  return [
    get(`${path}/items?page=1`, { times: 14, everyMs: 130, ...more }),
    get(`${path}/items/4711`, {
      times: 10,
      everyMs: 190,
      atMs: 40,
      userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0",
      ...more,
    }),
    post(`${path}/orders`, { times: 6, everyMs: 300, atMs: 90, ...more }),
  ];
}
