import { expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { LazyTemplate } from "./lazy-template.js";

it("parses once, and only when it is asked for", async () => {
  const template = new LazyTemplate("Hello {{ name }}");
  expect(template.render({ name: "Ann" })).toBe("Hello Ann");
  expect(template.parse()).toBe(template.parse());
  const broken = new LazyTemplate("{{ open");
  expect(broken.source).toBe("{{ open");
  expect((await errorOf(() => broken.render({}))).code).toBe("TEMPLATE_SYNTAX");
});

it.each([
  ["no template at all", {}, "no template at all"],
  ["a {{ name }}", { name: "b" }, "a b"],
  ["a {{ name }}", {}, "a {{ name }}"],
  ["a {{ open", {}, "a {{ open"],
  ["a {{ 1 / 0 }}", {}, "a {{ 1 / 0 }}"],
  ['{"json": 1}', {}, '{"json": 1}'],
])("renders %j with %j, or keeps it", (source, context, text) => {
  expect(new LazyTemplate(source).renderOrKeep(context)).toBe(text);
});

it("keeps a text as it is written when it cannot be parsed, and fails for a name without a value", async () => {
  const broken = new LazyTemplate("{% for f in fixes %}{{ f %}{% endfor %}");
  expect(broken.renderOrSource({ fixes: [] })).toBe(broken.source);
  expect(new LazyTemplate("{{ a }}").renderOrSource({ a: 1 })).toBe("1");
  expect((await errorOf(() => new LazyTemplate("{{ a }}").renderOrSource({}))).code).toBe("TEMPLATE_UNDEFINED");
});
