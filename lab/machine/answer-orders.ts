import type { Answer, AnswerOf, Ask, MessageOut, OrderName } from "./orders.ts";

/** Answers orders by what the parts of the lab have registered. */
export interface OrderDesk {
  answer(orders: AnswerOf): void;
  take(id: number, order: OrderName, ask: Ask<OrderName>): Promise<void>;
}

type AnyAnswer = (ask: Ask<OrderName>) => Answer<OrderName> | Promise<Answer<OrderName>>;

export function openOrderDesk(send: (message: MessageOut) => void): OrderDesk {
  const known = new Map<string, AnyAnswer>();
  return {
    answer: (orders) => {
      for (const [name, answer] of Object.entries(orders)) known.set(name, answer as AnyAnswer);
    },
    take: async (id, order, ask) => {
      try {
        const answer = known.get(order);
        if (answer === undefined) throw new Error(`nothing in this lab answers "${order}"`);
        send({ type: "answer", id, answer: await answer(ask) });
      } catch (error) {
        send({ type: "refusal", id, message: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}
