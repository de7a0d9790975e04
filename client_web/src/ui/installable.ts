/** Registers the service worker that keeps the app's shell; pages work the same without it. */

export function keepInstallable(): void {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // not offered here (private window, no permission): nothing is lost
    });
  });
}
