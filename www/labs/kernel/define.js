/** Registers `<cnn-kernel-lab>` and the elements it uses. */
import { register } from "../../widgets/base/register.js";
import { KernelBrushElement } from "../../widgets/kernel/kernel-brush.js";
import { KernelGridElement } from "../../widgets/kernel/kernel-grid.js";
import { KernelSizeElement } from "../../widgets/kernel/kernel-size.js";
import { KernelToolsElement } from "../../widgets/kernel/kernel-tools.js";
import { PresetGalleryElement } from "../../widgets/kernel/preset-gallery.js";
import { SlideScrubberElement } from "../../widgets/kernel/slide-scrubber.js";
import { PixelInspectorElement } from "../../widgets/numbers/pixel-inspector.js";
import { widgets } from "../shared/widgets.js";
import { KernelLabElement } from "./element.js";

register({
  ...widgets,
  "cnn-kernel-brush": KernelBrushElement,
  "cnn-kernel-grid": KernelGridElement,
  "cnn-kernel-lab": KernelLabElement,
  "cnn-kernel-size": KernelSizeElement,
  "cnn-kernel-tools": KernelToolsElement,
  "cnn-pixel-inspector": PixelInspectorElement,
  "cnn-preset-gallery": PresetGalleryElement,
  "cnn-slide-scrubber": SlideScrubberElement,
});
