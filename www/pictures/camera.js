import { readPixels } from "./canvas.js";
import { pictureError } from "./picture-error.js";

/**
 * Delivers square pictures from the camera until it is stopped.
 *
 * The next frame is taken only once `onFrame` has finished with the last one, so that a slow
 * consumer always gets a fresh frame and no queue builds up. Frames are cropped to their central
 * square.
 *
 * @param {object} options
 * @param {(picture: import("./canvas.js").Picture) => unknown} options.onFrame may return a promise
 * @param {number} [options.maxSide] longest side of a picture in pixels
 * @param {AbortSignal} [options.signal] stops the camera
 * @returns {Promise<"stopped" | "hidden" | "ended">} why it ended: by `signal`, because the page
 *   was hidden, or because the camera went away
 * @throws {Error} code `camera_denied`, `camera_missing` or `camera_busy`; also what `onFrame`
 *   throws
 */
export async function startCamera({ onFrame, maxSide = 256, signal }) {
  if (signal?.aborted) return "stopped";
  const stream = await openStream();
  const video = document.createElement("video");
  const end = endOf(stream, signal);
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await end.orAfter(video.play());
    for (;;) {
      const reason = await end.orAfter(nextFrame(video));
      if (reason) return reason;
      await onFrame(middleSquare(video, maxSide));
    }
  } finally {
    end.stopListening();
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function openStream() {
  // Absent unless the page is served securely.
  if (!navigator.mediaDevices)
    throw pictureError("camera_missing", "this page has no access to a camera");
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: {
        facingMode: { ideal: "environment" },
        width: { ideal: 640 },
        height: { ideal: 480 },
      },
    });
  } catch (cause) {
    const { name } = /** @type {DOMException} */ (cause);
    const code = CODES[name] ?? "camera_missing";
    throw pictureError(code, `the camera did not open: ${name}`);
  }
}

/** @type {Record<string, string>} */
const CODES = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

/** @typedef {"stopped" | "hidden" | "ended"} Reason */

/**
 * A promise for the reason why the stream should end, and a function that stops waiting for it.
 *
 * @param {MediaStream} stream
 * @param {AbortSignal} [signal]
 */
function endOf(stream, signal) {
  const listening = new AbortController();
  const once = { once: true, signal: listening.signal };
  /** @type {Reason | null} */
  let reason = null;
  /** Resolves the current wait. */
  let tell = () => {};
  const end = (/** @type {Reason} */ why) => {
    reason ??= why;
    tell();
  };
  if (signal?.aborted) end("stopped");
  if (document.hidden) end("hidden");
  signal?.addEventListener("abort", () => end("stopped"), once);
  document.addEventListener("visibilitychange", () => end("hidden"), once);
  stream.getVideoTracks()[0].addEventListener("ended", () => end("ended"), once);
  return {
    /**
     * @param {Promise<unknown>} step
     * @returns {Promise<Reason | null>} why the stream should end, or null once the step is done
     */
    orAfter: (step) =>
      new Promise((resolve, reject) => {
        tell = () => resolve(reason);
        if (reason) tell();
        step.then(() => resolve(null), reject);
      }),
    stopListening: () => listening.abort(),
  };
}

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<void>}
 */
function nextFrame(video) {
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve());
  });
}

/**
 * @param {HTMLVideoElement} video
 * @param {number} maxSide
 */
function middleSquare(video, maxSide) {
  const { videoWidth, videoHeight } = video;
  const cut = Math.min(videoWidth, videoHeight);
  const side = Math.min(cut, maxSide);
  return readPixels(
    video,
    { width: side, height: side },
    {
      left: (videoWidth - cut) / 2,
      top: (videoHeight - cut) / 2,
      width: cut,
      height: cut,
    },
  );
}
