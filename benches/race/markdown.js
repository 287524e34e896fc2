import { Failure } from "../../scripts/lib/failure.js";

const BEGIN = "<!-- written by `npm run bench -- --markdown` -->";
const END = "<!-- end of what is written -->";

/**
 * The document with `text` in place of what stands between the marks.
 *
 * @param {string} document
 * @param {string} text
 * @throws {Failure} without the marks
 */
export function inserted(document, text) {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Failure(`the document lacks the lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${document.slice(end)}`;
}
