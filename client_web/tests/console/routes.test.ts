import { expect, it } from "vitest";
import { hashOf, routeOf } from "../../src/console/routes.ts";

it.each([
  ["#/shows", { page: "shows" }],
  ["#/shows/new", { page: "show", id: null }],
  ["#/shows/show_1", { page: "show", id: "show_1" }],
  ["#/products/product_1", { page: "product", id: "product_1" }],
  ["#/models", { page: "models" }],
  ["#/models/model_1", { page: "model", id: "model_1" }],
  ["#/models/lipstick", { page: "lipstick" }],
  ["#/orders", { page: "orders", id: null }],
  ["#/orders/order_1", { page: "orders", id: "order_1" }],
] as const)("%s is a place and back again", (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
  expect(hashOf(route)).toBe(hash);
});

it.each([
  "",
  "#",
  "#/elsewhere",
  "#/orders/new",
  "#/models/new",
  "#/shows/../x",
  "#/products/<b>",
  "#/shows/a/b",
])("%s is no place", (hash) => {
  expect(routeOf(hash)).toBeNull();
});
