import type { Endpoint } from "../routes/endpoints.ts";

/** Servers of one backend: a slot has an endpoint or waits for one. */
export interface Slots {
  /** By number: the first is srv001. */
  readonly endpoints: readonly (Endpoint | undefined)[];
}

/** Free slots that a new configuration has at least: slots-min-free. */
const minFreeSlots = 6;

export const slotName = (index: number): string => `srv${String(index + 1).padStart(3, "0")}`;

/** Slots for a new configuration; endpoints keep the slots they have. */
export function layOut(endpoints: readonly Endpoint[], before: Slots | undefined): Slots {
  const placed = place(endpoints, before ?? { endpoints: [] }, Infinity)!;
  const free = placed.endpoints.filter((e) => e === undefined).length;
  const more = Array.from({ length: Math.max(0, minFreeSlots - free) }, () => undefined);
  return { endpoints: [...placed.endpoints, ...more] };
}

/** The same slots with these endpoints; undefined when they do not fit. */
export function refill(endpoints: readonly Endpoint[], before: Slots): Slots | undefined {
  return place(endpoints, before, before.endpoints.length);
}

function place(endpoints: readonly Endpoint[], before: Slots, capacity: number): Slots | undefined {
  const wanted = new Map(endpoints.map((e) => [keyOf(e), e]));
  const slots = before.endpoints.map((e) => {
    const kept = e !== undefined && wanted.delete(keyOf(e));
    return kept ? e : undefined;
  });
  for (const endpoint of wanted.values()) {
    const free = slots.indexOf(undefined);
    if (free === -1) slots.push(endpoint);
    else slots[free] = endpoint;
  }
  return slots.length > capacity ? undefined : { endpoints: slots };
}

const keyOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** One change of a server: the commands of the runtime API for it, and what the controller then logs (pkg/haproxy/dynupdate.go). */
export interface SlotChange {
  readonly commands: readonly string[];
  readonly said: string;
}

/** The changes that turn one into the other. */
export function changesFor(backend: string, from: Slots, to: Slots): SlotChange[] {
  return to.endpoints.flatMap((endpoint, index): SlotChange[] => {
    const old = from.endpoints[index];
    const server = `${backend}/${slotName(index)}`;
    if (endpoint === undefined)
      return old === undefined
        ? []
        : [
            {
              commands: [`set server ${server} state maint`],
              said: `disabled endpoint '${keyOf(old)}' weight '1' on backend/server '${server}'`,
            },
          ];
    if (old !== undefined && keyOf(old) === keyOf(endpoint)) return [];
    return [
      {
        commands: [
          `set server ${server} addr ${endpoint.address} port ${endpoint.port}`,
          `set server ${server} weight 1`,
          `set server ${server} state ready`,
        ],
        said: `${old === undefined ? "enabled" : "updated"} endpoint '${keyOf(endpoint)}' weight '1' on backend/server '${server}'`,
      },
    ];
  });
}
