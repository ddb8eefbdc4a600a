// The API token of this tab. It is kept in sessionStorage alone, so it ends with the tab, and no other
// tab or later visitor of this browser finds it.

const KEY = "precedent.token";

export function storedToken(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

export function storeToken(token: string): void {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}

/** Whether a token came in the URL's fragment. It is stored, and gone from the address bar and history. */
export function takeTokenFromFragment(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get("token")?.trim();
  if (!token) return false;
  storeToken(token);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}
