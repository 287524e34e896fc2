/** Registers `<cnn-kernel-lab>` and what it is made of. */
import { KernelBrushElement } from "./kernel-brush.js";
import { KernelGridElement } from "./kernel-grid.js";
import { KernelLabElement } from "./kernel-lab.js";
import { KernelToolsElement } from "./kernel-tools.js";
import { PixelInspectorElement } from "./pixel-inspector.js";
import { PresetGalleryElement } from "./preset-gallery.js";
import { register } from "./register.js";
import { SlideScrubberElement } from "./slide-scrubber.js";
import { widgets } from "./widgets.js";

register({
  ...widgets,
  "cnn-kernel-brush": KernelBrushElement,
  "cnn-kernel-grid": KernelGridElement,
  "cnn-kernel-lab": KernelLabElement,
  "cnn-kernel-tools": KernelToolsElement,
  "cnn-pixel-inspector": PixelInspectorElement,
  "cnn-preset-gallery": PresetGalleryElement,
  "cnn-slide-scrubber": SlideScrubberElement,
});
