/** The words of the receptive-field lab, which come with it. */
import enLayers from "./en/layers.json" with { type: "json" };
import enReceptive from "./en/receptive.json" with { type: "json" };
import { addMessages } from "./index.js";
import ruLayers from "./ru/layers.json" with { type: "json" };
import ruReceptive from "./ru/receptive.json" with { type: "json" };

addMessages({ en: { ...enLayers, ...enReceptive }, ru: { ...ruLayers, ...ruReceptive } });
