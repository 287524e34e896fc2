/** The messages of the kernel lab, loaded with it. */
import { addMessages } from "../../i18n/index.js";
import en from "./en.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };

addMessages({ en, ru });
