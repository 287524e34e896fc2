/**
 * @typedef {Error & { code: string, details: Record<string, string | number> }} PictureError
 */

/**
 * A refusal the page can explain: it shows `error.<code>` filled with `details`.
 *
 * @param {string} code
 * @param {string} message in English, for logs
 * @param {Record<string, string | number>} [details]
 * @returns {PictureError}
 */
export function pictureError(code, message, details = {}) {
  return Object.assign(new Error(message), { code, details: { code, ...details } });
}
