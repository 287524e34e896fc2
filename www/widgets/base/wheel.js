/** How far a wheel has turned: browsers report pixels, lines or pages. */

/**
 * Pixels of each unit, by `WheelEvent.deltaMode`. One notch is three lines in Firefox and about 100
 * pixels in Chromium.
 */
const UNITS = [1, 33, 400];
/** Zoom per pixel as a power of two, and the limit for one event. */
const ZOOM_RATE = 0.004;
const ZOOM_MOST = 0.5;

/**
 * @param {{ deltaY: number, deltaMode: number }} event
 * @returns {number}  CSS px, positive downwards
 */
export function wheelPixels({ deltaY, deltaMode }) {
  return deltaY * UNITS[deltaMode];
}

/**
 * @param {{ deltaY: number, deltaMode: number }} event
 * @returns {number}  the factor for the zoom: above 1 when the wheel turns upwards
 */
export function wheelZoom(event) {
  const turn = wheelPixels(event) * ZOOM_RATE;
  return 2 ** -Math.max(-ZOOM_MOST, Math.min(ZOOM_MOST, turn));
}
