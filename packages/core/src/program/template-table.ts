import { LazyTemplate } from "./lazy-template.js";

/** The templates of a program, one for each distinct text. */
export class TemplateTable {
  readonly #templates = new Map<string, LazyTemplate>();

  get(source: string): LazyTemplate {
    let template = this.#templates.get(source);
    if (template === undefined) {
      template = new LazyTemplate(source);
      this.#templates.set(source, template);
    }
    return template;
  }
}
