/** The English catalogue: all areas in one map from key to ICU message. */
import error from "./en/error.json" with { type: "json" };
import lab from "./en/lab.json" with { type: "json" };
import maps from "./en/maps.json" with { type: "json" };
import page from "./en/page.json" with { type: "json" };
import pictures from "./en/pictures.json" with { type: "json" };
import widget from "./en/widget.json" with { type: "json" };

/** @type {Readonly<Record<string, string>>} */
export const en = {
  ...error,
  ...lab,
  ...maps,
  ...page,
  ...pictures,
  ...widget,
};
