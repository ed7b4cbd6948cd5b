/** Composed from the field list of "Access logs for your Network Load Balancer", log version 2.0. */
const head = "tls 2.0 2026-11-20T14:47:01 net/shop-nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.9:51341";
const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/2a108f19-aded-46b0-8493-c63eb1ef4a99";

export const nlb = {
  whole: `${head} 10.0.3.17:443 5 2 98 246 - ${certificate} - ECDHE-RSA-AES128-SHA tlsv12 - shop.example h2 h2 "h2","http/1.1" 2026-11-20T14:46:51`,
  older: `${head} 10.0.3.17:443 5 2 98 246 - ${certificate} - ECDHE-RSA-AES128-SHA tlsv12 - shop.example`,
  failed: `${head} - 31 - 0 7 - ${certificate} - - - - shop.example - - - 2026-11-20T14:47:01`,
  alerted: `${head} 10.0.3.17:443 44 12 98 246 48 ${certificate} - ECDHE-RSA-AES128-SHA tlsv12 - - - - - 2026-11-20T14:47:01`,
};

export const lines: readonly string[] = Object.values(nlb);
