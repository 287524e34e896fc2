/** Script addresses of our own, accepted by pages that demand Trusted Types. */

/** @type {{ createScriptURL(url: string): string } | undefined} */
let policy;

/**
 * @param {string} url  of a worker script that this package made
 * @returns {string}  typed as a string; a `TrustedScriptURL` where the browser knows them
 */
export function trustedScriptUrl(url) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy("cnn-playground", {
    createScriptURL: (/** @type {string} */ ours) => ours,
  });
  return /** @type {NonNullable<typeof policy>} */ (policy).createScriptURL(url);
}
