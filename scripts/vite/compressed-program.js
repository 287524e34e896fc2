import { gzipSync } from "node:zlib";

/** The program of a page as one inline module. */
const PROGRAM = /<script type="module"[^>]*>(.*?)<\/script>/s;

/**
 * The HTML with its program compressed, as no server will do it for a file on a disk, and before it
 * a few lines that start it.
 *
 * @param {string} html
 * @returns {{ html: string, scripts: string[] }} with the texts of the scripts that will run
 */
export function withCompressedProgram(html) {
  const program = PROGRAM.exec(html)?.[1];
  if (!program) throw new Error("the single file has no inline module");
  const start = `(${startProgram})();`;
  const data = gzipSync(program, { level: 9 }).toString("base64");
  const elements = `<script type="application/gzip" id="program">${data}</script>
    <script type="module">${start}</script>`;
  return { html: html.replace(PROGRAM, () => elements), scripts: [start, program] };
}

/** Runs in the page, as text. The program becomes a script element, whose hash a policy can demand. */
async function startProgram() {
  const data = atob(document.getElementById("program")?.textContent ?? "");
  const bytes = Uint8Array.from(data, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = await new Response(stream).text();
  document.head.append(script);
}
