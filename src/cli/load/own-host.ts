import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { addressOfShot, type Shot } from "../../act/load/shot.ts";
import { isOwnHost } from "../../base/address.ts";
import { visible } from "../../base/text.ts";
import { UsageProblem } from "../usage-problem.ts";

/**
 * Nobody else's host is sent a load by a slip of the hand. Own are private addresses, names that have no others, and
 * what the cluster publishes.
 * @throws UsageProblem
 */
export async function requireOwn(shot: Shot, published: readonly string[], isYes: boolean): Promise<void> {
  const { host, port } = addressOfShot(shot);
  if (isIP(host) === 0 && !(await hasAddress(host))) {
    const [gateway = "HOST"] = published.filter((address) => address !== host);
    const at = gateway === "HOST" ? "HOST:PORT" : `${visible(gateway)}:${port}`;
    throw new UsageProblem(
      `${visible(host)} has no address on this machine. Say where the gateway is: --connect-to ${at}`,
    );
  }
  if (isYes || isOwnHost(host) || published.includes(host) || (await hasOwnAddressesOnly(host))) return;
  throw new UsageProblem(
    `${visible(host)} is neither a private address nor served by the cluster of this context. If you may send load there, say so: --yes.`,
  );
}

const addressesOf = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);

const hasAddress = (host: string): Promise<boolean> =>
  addressesOf(host).then(
    () => true,
    () => false,
  );

const hasOwnAddressesOnly = async (host: string): Promise<boolean> =>
  (await addressesOf(host)).every(isOwnHost);
