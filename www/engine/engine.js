import { EngineClient } from "./client.js";

/** The engine that all labs of a page share; it starts with the first call. */
export const engine = new EngineClient();

/** Another one for what takes seconds, so that nothing else waits for it. */
export const slowEngine = new EngineClient();
