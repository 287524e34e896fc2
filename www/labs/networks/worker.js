import { serve } from "../../engine/serve.js";
import { contract } from "./contract.js";

serve(contract);
