/**
 * "shop_orders_8080/srv001": what HAProxy logs instead of an address. Its ingress controllers give the same server to one pod
 * after the other, so the name says nothing of which pod was asked.
 */
export const isServerName = (address: string): boolean => /^[^/:]+\/[^/:]+$/.test(address);
