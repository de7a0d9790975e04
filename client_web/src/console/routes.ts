/** The console's places, as they stand in the address after #. */

export type Route =
  | { page: "shows" }
  /** `id` null makes a new one. */
  | { page: "show"; id: string | null }
  | { page: "products" }
  | { page: "product"; id: string | null }
  | { page: "models" }
  | { page: "model"; id: string }
  /** Shades of products that need no model. */
  | { page: "lipstick" }
  /** The shop's own words, for translation and chat. */
  | { page: "words" }
  /** With an id, that order lies open beside the list. */
  | { page: "orders"; id: string | null };

const ID = /^[a-z0-9_-]{1,40}$/;

/** Reads `#/products/product_1`; null for anything that is no place of ours. */
export function routeOf(hash: string): Route | null {
  const [list, id, ...more] = hash.replace(/^#\/?/, "").split("/");
  if (more.length > 0 || (id !== undefined && id !== "new" && !ID.test(id))) return null;
  const named = id === "new" ? null : (id ?? null);
  switch (list) {
    case "shows":
      return id === undefined ? { page: "shows" } : { page: "show", id: named };
    case "products":
      return id === undefined ? { page: "products" } : { page: "product", id: named };
    case "models":
      if (id === undefined) return { page: "models" };
      return named === null
        ? null
        : named === "lipstick"
          ? { page: "lipstick" }
          : { page: "model", id: named };
    case "words":
      return id === undefined ? { page: "words" } : null;
    case "orders":
      return id === "new" ? null : { page: "orders", id: named };
    default:
      return null;
  }
}

export function hashOf(route: Route): string {
  switch (route.page) {
    case "show":
      return `#/shows/${route.id ?? "new"}`;
    case "product":
      return `#/products/${route.id ?? "new"}`;
    case "model":
      return `#/models/${route.id}`;
    case "lipstick":
      return "#/models/lipstick";
    case "orders":
      return route.id === null ? "#/orders" : `#/orders/${route.id}`;
    default:
      return `#/${route.page}`;
  }
}
