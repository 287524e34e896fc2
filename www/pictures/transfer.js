/**
 * The picture in a drop or a paste.
 *
 * Of several files it takes the first that claims to be an image, else the first, so that
 * `loadFile` can say what is wrong with it.
 *
 * @param {DataTransfer | null} transfer
 * @returns {Blob | null} null if there is neither a file nor a picture as a data: URL
 */
export function imageFromTransfer(transfer) {
  const files = [...(transfer?.files ?? [])];
  const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
  return file ?? blobFromDataAddress(transfer?.getData("text/uri-list") ?? "");
}

/**
 * The picture behind the URL in a drop, if it comes from this page's own server: some browsers pass
 * that instead of a file when an image of the page is dragged.
 *
 * @param {DataTransfer | null} transfer
 * @returns {Promise<Blob | null>} null if there is no such URL, or it could not be read
 */
export async function fetchOwnImage(transfer) {
  const address = transfer?.getData("text/uri-list") ?? "";
  if (!URL.canParse(address) || new URL(address).origin !== location.origin) return null;
  try {
    const response = await fetch(address);
    return response.ok ? await response.blob() : null;
  } catch {
    return null;
  }
}

/**
 * Whether a drag in progress may hold a picture; its contents are hidden until the drop.
 *
 * @param {DataTransfer | null} transfer
 */
export function mayHoldImage(transfer) {
  const types = transfer?.types ?? [];
  return types.includes("Files") || types.includes("text/uri-list");
}

/**
 * @param {string} address
 * @returns {Blob | null} null if it is not a base64 data: URL of an image
 */
function blobFromDataAddress(address) {
  const [, type, base64] =
    /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/]+={0,2})\s*$/.exec(address) ?? [];
  if (!base64 || base64.length % 4 !== 0) return null;
  return new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], { type });
}
