import { describe, expect, it } from "vitest";
import { OnAirMark, type TabChannel } from "../../src/studio/on_air_mark.ts";

/** The tabs of one browser: what one posts, the others hear. */
class Browser {
  readonly kept = new Map<string, string>();
  readonly tabs: ((event: MessageEvent) => void)[] = [];
  nowMs = 1_000_000;
  store = {
    getItem: (key: string) => this.kept.get(key) ?? null,
    setItem: (key: string, value: string) => void this.kept.set(key, value),
    removeItem: (key: string) => void this.kept.delete(key),
  };

  tab(showId: string): { mark: OnAirMark; takenOver: () => number } {
    let own: ((event: MessageEvent) => void) | undefined;
    let times = 0;
    const channel: TabChannel = {
      postMessage: (data) => {
        for (const tab of this.tabs) if (tab !== own) tab({ data } as MessageEvent);
      },
      addEventListener: (_type, listener) => {
        own = listener;
        this.tabs.push(listener);
      },
      close: () => undefined,
    };
    const mark = new OnAirMark({
      showId,
      store: this.store,
      channel,
      nowMs: () => this.nowMs,
      takenOver: () => {
        times += 1;
      },
    });
    return { mark, takenOver: () => times };
  }
}

describe("the mark of being on air", () => {
  it("outlives the page, but not for long, and only for its show", () => {
    const browser = new Browser();
    browser.tab("show_1").mark.keep();
    browser.nowMs += 60_000;
    expect(browser.tab("show_1").mark.wasOnAir).toBe(true);
    expect(browser.tab("show_2").mark.wasOnAir).toBe(false);
    browser.nowMs += 600_000;
    expect(browser.tab("show_1").mark.wasOnAir).toBe(false);
  });

  it("is gone when the air was left on purpose", () => {
    const { mark } = new Browser().tab("show_1");
    mark.keep();
    mark.clear();
    expect(mark.wasOnAir).toBe(false);
  });

  it("makes the older tab give way once", () => {
    const browser = new Browser();
    const older = browser.tab("show_1");
    const newer = browser.tab("show_1");
    older.mark.keep();
    newer.mark.keep();
    newer.mark.keep();
    expect(older.takenOver()).toBe(1);
    expect(newer.takenOver()).toBe(0);
  });

  it("answers a tab that asks", async () => {
    const browser = new Browser();
    const older = browser.tab("show_1");
    older.mark.keep();
    const forever = new Promise<void>(() => undefined);
    expect(await browser.tab("show_1").mark.isOnAirElsewhere(forever)).toBe(true);
    expect(await browser.tab("show_2").mark.isOnAirElsewhere(Promise.resolve())).toBe(false);
  });

  it("reads nothing from a store with something else in it", () => {
    const browser = new Browser();
    browser.kept.set("vitrine:on-air", "{not json");
    expect(browser.tab("show_1").mark.wasOnAir).toBe(false);
  });
});
