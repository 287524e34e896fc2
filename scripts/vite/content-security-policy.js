import { createHash } from "node:crypto";

/**
 * Writes the page's policy into the built HTML. The development server sends none, because
 * its own client needs inline scripts.
 *
 * @returns {import("vite").Plugin}
 */
export function contentSecurityPolicy() {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: { order: "post", handler: (html) => withPolicy(html, PAGE) },
  };
}

/**
 * The HTML of the single file with a policy that allows exactly these scripts, the styles in it
 * and no request at all.
 *
 * @param {string} html
 * @param {string[]} scripts  their texts
 */
export function withSingleFilePolicy(html, scripts) {
  const styles = [...html.matchAll(/<style\b[^>]*>(.*?)<\/style>/gis)].map(([, text]) => text);
  return withPolicy(html, [
    "default-src 'none'",
    `script-src ${hashes(scripts)} 'wasm-unsafe-eval'`,
    `style-src ${hashes(styles)}`,
    "img-src data: blob:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
}

const PAGE = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html cnn-playground",
];

/**
 * The policy stands right behind the declaration of the character set, before anything it governs.
 *
 * @param {string} html
 * @param {string[]} directives
 */
function withPolicy(html, directives) {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${directives.join("; ")}">`;
  const charset = /<meta charset="?utf-8"?\s*\/?>/i;
  if (!charset.test(html)) throw new Error("index.html declares no character set");
  return html.replace(charset, (meta) => `${meta}\n    ${policy}`);
}

/** @param {string[]} texts  of elements */
function hashes(texts) {
  if (texts.length === 0) return "'none'";
  return texts
    .map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
    .join(" ");
}
