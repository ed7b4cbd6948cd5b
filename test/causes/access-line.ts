import type { Line } from "../../corpus/author/lines.ts";
import { atMs } from "../../corpus/author/time.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Answered {
  readonly at: string;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
  readonly address: string;
}

/** A line of ingress-nginx's access log. */
export function access(a: Answered): Line {
  const ms = atMs(a.at);
  const iso = new Date(ms).toISOString();
  const time = `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  const took = a.seconds.toFixed(3);
  return {
    atMs: ms,
    text: `203.0.113.9 - - [${time}] "GET ${a.path} HTTP/1.1" ${a.status} 150 "-" "curl/8" 300 ${took} [shop-cart-80] [] ${a.address} 0 ${took} ${a.status} 5b5b${String(ms).padStart(28, "0")}`,
  };
}
