/** The messages of the widgets that paint and choose kernels, loaded with them. */
import en from "./en/kernel.json" with { type: "json" };
import { addMessages } from "./index.js";
import ru from "./ru/kernel.json" with { type: "json" };

addMessages({ en, ru });
