/** The messages of the layer graph and the layer table, loaded with them. */
import en from "./en/layers.json" with { type: "json" };
import { addMessages } from "./index.js";
import ru from "./ru/layers.json" with { type: "json" };

addMessages({ en, ru });
