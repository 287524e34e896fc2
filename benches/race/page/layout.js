/**
 * Planes, one for each channel, as pixels whose channels are side by side.
 *
 * @param {ArrayLike<number>} planes
 * @param {number} channels
 * @param {{ [index: number]: number }} pixels  where they go
 */
export function toPixels(planes, channels, pixels) {
  const size = planes.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < size; at++) pixels[at * channels + channel] = planes[channel * size + at];
  }
}

/**
 * Back again.
 *
 * @param {ArrayLike<number>} pixels
 * @param {number} channels
 */
export function toPlanes(pixels, channels) {
  const planes = new Float32Array(pixels.length);
  const size = pixels.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < size; at++) planes[channel * size + at] = pixels[at * channels + channel];
  }
  return planes;
}
