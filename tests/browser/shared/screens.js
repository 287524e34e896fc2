/** The screens that the labs are tested on. */
export const WIDE = { viewport: { width: 1400, height: 1000 } };
export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};
