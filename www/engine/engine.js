/** The one engine that all labs of a page share; it starts with the first call. */
import { EngineClient } from "./client.js";

export const engine = new EngineClient();
