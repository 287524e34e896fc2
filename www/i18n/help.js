/** The messages of the help, loaded with it. */
import en from "./en/help.json" with { type: "json" };
import { addMessages } from "./index.js";
import ru from "./ru/help.json" with { type: "json" };

addMessages({ en, ru });
