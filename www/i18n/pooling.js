/** The words of the pooling lab, which come with it. */
import en from "./en/pooling.json" with { type: "json" };
import { addMessages } from "./index.js";
import ru from "./ru/pooling.json" with { type: "json" };

addMessages({ en, ru });
