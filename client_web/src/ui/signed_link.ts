/**
 * The key in the link that hosts and brands are given: `/studio#token=…&show=…`.
 *
 * It is taken once, kept for this tab, and cleared from the address, where it would be seen on a shared screen.
 */

export interface SignedLink {
  token: string | null;
  /** The show that the link names, if any. */
  show: string | null;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface LinkPlace {
  location: Pick<Location, "hash" | "pathname" | "search">;
  history: Pick<History, "replaceState">;
  store: Store;
}

const TOKEN = "vitrine:token";
/** Longer than any token of ours; the server takes 2048 at most. */
const MAX_CHARS = 2048;

/** Reads the link, or what was kept of it. `page` keeps the keys of studio and console apart. */
export function takeSignedLink(page: string, place: LinkPlace): SignedLink {
  const given = new URLSearchParams(place.location.hash.replace(/^#\/?/, ""));
  const token = given.get("token");
  const show = cleanId(given.get("show"));
  if (token !== null && token !== "" && token.length <= MAX_CHARS) {
    keep(place.store, `${TOKEN}:${page}`, token);
    const rest = show === null ? "" : `#show=${show}`;
    place.history.replaceState(null, "", place.location.pathname + place.location.search + rest);
    return { token, show };
  }
  return { token: read(place.store, `${TOKEN}:${page}`), show };
}

/** Forgets the key: it has expired. */
export function forgetSignedLink(page: string, store: Store): void {
  try {
    store.removeItem(`${TOKEN}:${page}`);
  } catch {
    // nothing was kept
  }
}

/** A claim of the token, to ask the server the right question; the server alone decides what it is worth. */
export function tokenClaim(token: string, claim: string): string | null {
  try {
    const body = token.split(".")[1] ?? "";
    const claims: unknown = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
    const value = (claims as Record<string, unknown>)[claim];
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function cleanId(id: string | null): string | null {
  return id !== null && /^[a-z0-9_-]{1,40}$/.test(id) ? id : null;
}

function keep(store: Store, key: string, value: string): void {
  try {
    store.setItem(key, value);
  } catch {
    // storage is off: the key holds as long as the page
  }
}

function read(store: Store, key: string): string | null {
  try {
    return store.getItem(key);
  } catch {
    return null;
  }
}
