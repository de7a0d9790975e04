import { describe, expect, it } from "vitest";
import { Account, type TokenStorage } from "../../src/commerce/account.ts";
import { VitrineError } from "../../src/protocol/errors.ts";

function memory(initial: Record<string, string> = {}): TokenStorage & { kept: Map<string, string> } {
  const kept = new Map(Object.entries(initial));
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

function setUp(storage: TokenStorage | null = memory()) {
  const made: string[] = [];
  const account = new Account({
    api: {
      becomeGuest: async ({ name }) => {
        made.push(name);
        return { token: `token-${made.length}`, person_id: "p", name, role: "viewer", expires_at: "" };
      },
    },
    storage,
    key: "viewer",
  });
  return { account, made };
}

describe("the viewer's account", () => {
  it("is nobody until needed, then one guest however often asked", async () => {
    const { account, made } = setUp();
    expect(account.token).toBeNull();
    await Promise.all([account.ensure("Guest", "en"), account.ensure("Guest", "en")]);
    await account.ensure("Guest", "en");
    expect(made).toEqual(["Guest"]);
    expect(account.token).toBe("token-1");
    expect(account.isNamed).toBe(false);
  });

  it("takes a name and tells the new token", async () => {
    const { account } = setUp();
    const tokens: (string | null)[] = [];
    account.onChanged((token) => tokens.push(token));
    await account.rename("Ana", "en");
    expect(account).toMatchObject({ name: "Ana", isNamed: true });
    expect(tokens).toEqual(["token-1"]);
  });

  it("is kept for the tab, and survives storage that is off or broken", async () => {
    const storage = memory();
    await setUp(storage).account.rename("Ana", "en");
    expect(setUp(storage).account.name).toBe("Ana");
    expect(setUp(memory({ viewer: "{" })).account.token).toBeNull();
    expect(setUp(memory({ viewer: '{"token":5}' })).account.token).toBeNull();
    const off: TokenStorage = {
      getItem: () => {
        throw new Error("denied");
      },
      setItem: () => {
        throw new Error("denied");
      },
      removeItem: () => {},
    };
    const { account } = setUp(off);
    await account.ensure("Guest", "en");
    expect(account.token).toBe("token-1");
  });

  it("drops a token that is not taken any more, and only then", () => {
    const { account } = setUp();
    account.adopt("old");
    expect(account.dropIfRefused(new VitrineError("network", ""))).toBe(false);
    expect(account.dropIfRefused(new VitrineError("token_expired", ""))).toBe(true);
    expect(account.token).toBeNull();
    expect(account.dropIfRefused(new VitrineError("token_expired", ""))).toBe(false);
  });
});
