/** What TARGET may be. */
export const targetText =
  "TARGET is a URL (https://shop.example.com/cart), HOST/PATH, ingress/NAME or service/NAME. Without one every route in scope is looked at and the broken ones are told.";
