/** Whether somebody wants messages and products as they were written, remembered on this device. */

const STORED = "vitrine:as-written";

export function readsAsWritten(): boolean {
  try {
    return localStorage.getItem(STORED) === "yes";
  } catch {
    return chosenHere;
  }
}

export function rememberAsWritten(asWritten: boolean): void {
  chosenHere = asWritten;
  try {
    if (asWritten) localStorage.setItem(STORED, "yes");
    else localStorage.removeItem(STORED);
  } catch {
    // storage is off: the choice holds for this page
  }
}

let chosenHere = false;
