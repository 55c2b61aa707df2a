import { strandsProject } from "../../vitest.shared.js";

export default strandsProject("builders");
