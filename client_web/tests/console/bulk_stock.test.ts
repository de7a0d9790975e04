import { expect, it } from "vitest";
import { bulkStock } from "../../src/console/bulk_stock.ts";
import { product } from "./products.ts";

it("changes every variant, a few at a time, and goes on after a refusal", async () => {
  let running = 0;
  let most = 0;
  const ids = Array.from({ length: 10 }, (_, number) => `variant_${number}`);
  const result = await bulkStock(ids, async (id) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (id === "variant_3") throw new Error("reserved");
    return product(`product_${id}`, { en: id }, "Light", [1]);
  });
  expect(most).toBe(4);
  expect(result.failed).toEqual(["variant_3"]);
  expect(result.done).toEqual(ids.filter((id) => id !== "variant_3"));
  expect(result.products).toHaveLength(9);
});
