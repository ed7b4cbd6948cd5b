/** Addresses of the pods of one node. */
export interface PodAddresses {
  take(): string;
  /** Given out again only when all others were: who still has an old address finds nobody there for a while. */
  giveBack(address: string): void;
}

const firstHost = 2;
const lastHost = 254;

/** @param range "10.42.3.0/24": the last part counts, .2 to .254 */
export function openPodAddresses(range: string): PodAddresses {
  const prefix = range.split("/")[0]?.split(".").slice(0, 3).join(".") ?? "10.42.0";
  let next = firstHost;
  const free: string[] = [];
  return {
    take: () => {
      if (next <= lastHost) return `${prefix}.${next++}`;
      const address = free.shift();
      if (address === undefined) throw new Error(`failed to allocate for range 0: no IP addresses available`);
      return address;
    },
    giveBack: (address) => void free.push(address),
  };
}
