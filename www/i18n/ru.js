/** The Russian catalogue: all areas in one map from key to ICU message. */
import error from "./ru/error.json" with { type: "json" };
import lab from "./ru/lab.json" with { type: "json" };
import maps from "./ru/maps.json" with { type: "json" };
import page from "./ru/page.json" with { type: "json" };
import pictures from "./ru/pictures.json" with { type: "json" };
import widget from "./ru/widget.json" with { type: "json" };

/** @type {Readonly<Record<string, string>>} */
export const ru = {
  ...error,
  ...lab,
  ...maps,
  ...page,
  ...pictures,
  ...widget,
};
