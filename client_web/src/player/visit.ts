/** What somebody brings along: the key in the address of a page of ours, and the storage of this visit. */

/** The token of the address, which it is taken out of: an address is passed on, a key is not. */
export function tokenOfAddress(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token === null) return null;
  fragment.delete("token");
  const rest = fragment.toString();
  const bare = location.pathname + location.search;
  history.replaceState(history.state, "", bare + (rest === "" ? "" : `#${rest}`));
  return token;
}

/** Null where the browser keeps nothing for this page. */
export function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
