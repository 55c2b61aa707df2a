import { TemplateError } from "../error/errors.js";
import type { Condition } from "../template/condition.js";
import { evaluateCondition, parseCondition } from "../template/condition.js";
import type { Template } from "../template/parse-template.js";
import { parseTemplate } from "../template/parse-template.js";
import { renderTemplate } from "../template/render-template.js";
import type { TemplateContext } from "../template/scope.js";

/** A template of a program, parsed when it is first needed: a replay needs few of them. */
export class LazyTemplate {
  readonly source: string;
  #template: Template | undefined;

  constructor(source: string) {
    this.source = source;
  }

  /** @throws {@link TemplateError} `TEMPLATE_SYNTAX`, `TEMPLATE_FORBIDDEN`, `TEMPLATE_LIMIT` */
  parse(): Template {
    this.#template ??= parseTemplate(this.source);
    return this.#template;
  }

  /** @throws {@link TemplateError} */
  render(context: TemplateContext): string {
    return renderTemplate(this.parse(), context);
  }

  /** Renders it when it can be parsed; gives the text as written otherwise. */
  renderOrSource(context: TemplateContext): string {
    try {
      this.parse();
    } catch (error) {
      if (error instanceof TemplateError) return this.source;
      throw error;
    }
    return this.render(context);
  }

  /** Whether there is nothing in it to be rendered. */
  get isText(): boolean {
    return !this.source.includes("{");
  }

  /** Renders it when it is a template and every name it uses has a value; gives the text as written otherwise. */
  renderOrKeep(context: TemplateContext): string {
    if (this.isText) return this.source;
    try {
      return this.render(context);
    } catch (error) {
      if (error instanceof TemplateError) return this.source;
      throw error;
    }
  }
}

/** A condition of a program, parsed when it is first needed. */
export class LazyCondition {
  readonly source: string;
  #condition: Condition | undefined;

  constructor(source: string) {
    this.source = source;
  }

  /** @throws {@link TemplateError} */
  holds(context: TemplateContext): boolean {
    this.#condition ??= parseCondition(this.source);
    return evaluateCondition(this.#condition, context);
  }
}
