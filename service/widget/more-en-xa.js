import texts from "./more-en.js";
import { pseudo } from "./words-en-xa.js";

export default pseudo(texts);
