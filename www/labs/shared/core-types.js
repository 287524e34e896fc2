/**
 * What the cores of several labs take and give alike: types, no code.
 *
 * @import * as Core from "../../pkg/kernel_lab.js"
 *
 * @typedef {Core.Picture} Picture
 * @typedef {Core.Legend} Legend
 * @typedef {Core.LegendedPicture} LegendedPicture
 * @typedef {Core.Display} Display
 *
 * @typedef {Pick<typeof Core, "testPattern">} PictureCalls  what every lab asks for its pictures
 */

export {};
