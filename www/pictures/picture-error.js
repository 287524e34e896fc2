/**
 * @typedef {Error & { code: string, details: Record<string, string | number> }} PictureError
 */

/**
 * A refusal that the page can explain with the message `error.<code>` and `details`.
 *
 * @param {string} code
 * @param {string} message in English, for logs
 * @param {Record<string, string | number>} [details]
 * @returns {PictureError}
 */
export function pictureError(code, message, details = {}) {
  return Object.assign(new Error(message), { code, details: { code, ...details } });
}
