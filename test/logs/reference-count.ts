/** Counts a log of ingress-nginx's default format slowly, line by line, in the plainest way there is. */
export interface ReferenceCount {
  requests: number;
  byStatus: Record<string, number>;
  attemptsByAddress: Record<string, number>;
  requestsByUpstream: Record<string, number>;
  failedByUpstream: Record<string, number>;
  requestsByMinute: Record<string, number>;
}

const line =
  /^(\S+) - (.*?) \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) \+0000\] "([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)" (\d+) ([\d.]+) \[([^\]]*)\] \[([^\]]*)\] (.*)$/;

export function countSlowly(text: string): ReferenceCount {
  const count: ReferenceCount = {
    requests: 0,
    byStatus: {},
    attemptsByAddress: {},
    requestsByUpstream: {},
    failedByUpstream: {},
    requestsByMinute: {},
  };
  for (const one of text.split("\n")) {
    const m = line.exec(one);
    if (m === null) continue;
    const [, , , , , , hour, minute, , , status = "", , , , , , upstream = "", , rest = ""] = m;
    add(count, "requests");
    bump(count.byStatus, status);
    bump(count.requestsByUpstream, upstream);
    bump(count.requestsByMinute, `${hour}:${minute}`);
    if (["502", "503", "504", "009"].includes(status)) bump(count.failedByUpstream, upstream);
    for (const address of addressesOf(rest)) bump(count.attemptsByAddress, address);
  }
  return count;
}

function addressesOf(rest: string): string[] {
  const words = rest.split(" ");
  const addresses: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === ":") continue;
    if (word !== "-") addresses.push(word.replace(/,$/, ""));
    if (!word.endsWith(",") && words[i + 1] !== ":") return addresses;
  }
  return addresses;
}

const bump = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};
const add = (count: ReferenceCount, key: "requests"): void => {
  count[key] += 1;
};
