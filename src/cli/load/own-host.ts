import { lookup } from "node:dns/promises";
import { addressOfShot, type Shot } from "../../act/load/shot.ts";
import { isOwnHost } from "../../base/address.ts";
import { visible } from "../../base/text.ts";
import { UsageProblem } from "../usage-problem.ts";

/**
 * Nobody else's host is sent a load by a slip of the hand. Own are private addresses, names that have no others, and
 * what the cluster publishes.
 * @throws UsageProblem
 */
export async function requireOwn(shot: Shot, published: ReadonlySet<string>, isYes: boolean): Promise<void> {
  const { host } = addressOfShot(shot);
  if (isYes || isOwnHost(host) || published.has(host) || (await hasOwnAddresses(host))) return;
  throw new UsageProblem(
    `${visible(host)} is neither a private address nor served by the cluster of this context. If you may send load there, say so: --yes.`,
  );
}

/** @throws UsageProblem for a name that has no address */
async function hasOwnAddresses(host: string): Promise<boolean> {
  try {
    return (await lookup(host, { all: true })).every(({ address }) => isOwnHost(address));
  } catch (error) {
    throw new UsageProblem(
      `${visible(host)} has no address on this machine (${(error as NodeJS.ErrnoException).code ?? "lookup failed"}). Say where the gateway is: --connect-to HOST:PORT.`,
    );
  }
}
