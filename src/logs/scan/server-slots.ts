import { readSlotChange } from "../formats/haproxy-slots.ts";
import type { Attempt } from "../traffic.ts";

/** From a time on a server of HAProxy has this address; without one nobody knows which, or it has none. */
export interface SlotHolder {
  readonly fromMs: number;
  readonly address?: string;
}

/** By "BACKEND/SERVER", oldest first. */
export type ServerSlots = Map<string, SlotHolder[]>;

const maxServers = 10_000;
const maxHolders = 1000;

/** Takes what a controller's line says of the addresses of servers. Lines come in order of time. */
export function noteSlots(slots: ServerSlots, text: string, timeMs: number): void {
  const change = readSlotChange(text);
  if (change === undefined) return;
  if (change.kind === "forgotten") {
    for (const [server, holders] of slots)
      if (change.backend === undefined || server.startsWith(`${change.backend}/`))
        hold(holders, { fromMs: timeMs });
    return;
  }
  const { server, address } = change;
  let holders = slots.get(server);
  if (holders === undefined) {
    if (slots.size >= maxServers) return;
    slots.set(server, (holders = []));
  }
  hold(holders, { fromMs: timeMs, ...(address === undefined ? {} : { address }) });
}

/** What changes nothing is not kept. */
function hold(holders: SlotHolder[], holder: SlotHolder): void {
  if (holders.at(-1)?.address === holder.address) return;
  holders.push(holder);
  if (holders.length > maxHolders) holders.shift();
}

/** The address that a server had at that time; the name as it is where that is not known. */
export function addressAt(
  slots: ReadonlyMap<string, readonly SlotHolder[]>,
  name: string,
  atMs: number,
): string {
  return slots.get(name)?.findLast((holder) => holder.fromMs <= atMs)?.address ?? name;
}

/** Attempts with the addresses of the servers they were made at. */
export const withAddresses = (
  attempts: readonly Attempt[],
  slots: ReadonlyMap<string, readonly SlotHolder[]>,
): Attempt[] =>
  attempts.map((attempt) => ({ ...attempt, address: addressAt(slots, attempt.address, attempt.startMs) }));
