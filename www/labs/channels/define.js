/** Registers `<cnn-channels-lab>` and the elements it uses. */
import { register } from "../../widgets/base/register.js";
import { KernelBrushElement } from "../../widgets/kernel/kernel-brush.js";
import { KernelGridElement } from "../../widgets/kernel/kernel-grid.js";
import { KernelToolsElement } from "../../widgets/kernel/kernel-tools.js";
import { PresetGalleryElement } from "../../widgets/kernel/preset-gallery.js";
import { SlideScrubberElement } from "../../widgets/kernel/slide-scrubber.js";
import { PictureCanvasElement } from "../../widgets/map/picture-canvas.js";
import { widgets } from "../shared/widgets.js";
import { ChannelsLabElement } from "./element.js";
import { GroupLinesElement } from "./widgets/group-lines.js";

register({
  ...widgets,
  "cnn-channels-lab": ChannelsLabElement,
  "cnn-group-lines": GroupLinesElement,
  "cnn-kernel-brush": KernelBrushElement,
  "cnn-kernel-grid": KernelGridElement,
  "cnn-kernel-tools": KernelToolsElement,
  "cnn-picture-canvas": PictureCanvasElement,
  "cnn-preset-gallery": PresetGalleryElement,
  "cnn-slide-scrubber": SlideScrubberElement,
});
