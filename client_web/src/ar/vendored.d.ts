/** Made by `vite.vendored.ts`: addresses of folders on our own origin, each with a slash at its end. */
declare module "virtual:vendored" {
  export const faceMesh: string;
  export const draco: string;
  export const basis: string;
}
