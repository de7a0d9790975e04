import { describe, expect, it } from "vitest";
import type { AiHostSettings, Show, ShowInput, ShowOffer } from "../../src/protocol/messages.ts";
import { aiHostText } from "../../src/studio/ai_settings.ts";
import { ShowPlan } from "../../src/studio/show_plan.ts";
import type { Words } from "../../src/studio/words.ts";
import { studioTexts } from "../../src/texts/studio.ts";

const OFF: AiHostSettings = {
  mode: "off",
  language: "en",
  patience_s: 5,
  voice: "",
  outfit: "",
  turn_s: 60,
  time_zone: "UTC",
  blocks: [],
};
const words = (language: "en" | "zh-CN"): Words => ({ texts: studioTexts(language) }) as Words;

describe("the AI host in the plan", () => {
  it("is said in a line", async () => {
    await studioTexts.load("zh-CN");
    expect(aiHostText(words("en"), OFF)).toBe("Off");
    expect(aiHostText(words("en"), { ...OFF, mode: "stand_in", language: "zh-CN" })).toBe("Stand in, 中文");
    expect(aiHostText(words("zh-CN"), { ...OFF, mode: "always", language: "it" })).toBe("始终, it");
  });

  it("is written with the rest, and stays when something else is changed", async () => {
    const written: ShowInput[] = [];
    const api = {
      changeShow: async (_: string, input: ShowInput) => {
        written.push(input);
        return {} as Show;
      },
    };
    const show = {
      offers: [],
      show_id: "a",
      title: { en: "A" },
      starts_at: null,
      rundown: [],
      currency: "USD",
    };
    const plan = new ShowPlan(api as never, { ...show, ai_host: OFF } as unknown as Show);
    await plan.change({ ai_host: { ...OFF, mode: "always" } });
    expect(plan.aiHost.mode).toBe("always");
    await plan.change({ title: { en: "B" } });
    expect(written.at(-1)).toMatchObject({ title: { en: "B" }, ai_host: { mode: "always" } });
  });

  it("has one offer a product, none that is over", async () => {
    const written: ShowInput[] = [];
    const api = {
      changeShow: async (_: string, input: ShowInput) => {
        written.push(input);
        return {} as Show;
      },
    };
    const now = Date.parse("2026-11-01T12:00:00Z");
    const saucer: ShowOffer = { offer_id: "a", product_id: "cup", text: { en: "A saucer" }, ends_at: null };
    const tea = { ...saucer, offer_id: "b", product_id: "pot", ends_at: "2026-11-01T12:00:00Z" };
    const show = {
      show_id: "a",
      title: { en: "A" },
      rundown: ["cup", "pot"],
      ai_host: OFF,
      offers: [saucer, tea],
    };
    const plan = new ShowPlan(api as never, show as unknown as Show);
    expect(plan.offerOf("cup", now)).toEqual(saucer);
    expect(plan.offerOf("pot", now)).toBeNull();
    expect(plan.offerOf("pot", now - 1)).toEqual(tea);
    const lid = { ...saucer, text: { en: "A lid" } };
    await plan.putOffer("cup", lid);
    expect(written.at(-1)?.offers).toEqual([tea, lid]);
    await plan.putOffer("cup", null);
    expect(written.at(-1)?.offers).toEqual([tea]);
  });
});
