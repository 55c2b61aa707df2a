import { describe, expect, it } from "vitest";
import { evaluateCondition } from "./condition.js";
import { renderTemplate } from "./render-template.js";

const size = 1000;

/** A list and a map of a thousand entries, which count how often somebody looks at one of them or asks for all names. */
function watched() {
  let looks = 0;
  const handler: ProxyHandler<object> = {
    get(target, key) {
      if (typeof key === "string" && /^\d/.test(key)) looks += 1;
      return Reflect.get(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      looks += 1;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      looks += size;
      return Reflect.ownKeys(target);
    },
  };
  const list = Array.from({ length: size }, (_, index) => ({ n: index }));
  const map = Object.fromEntries(list.map((entry) => [`k${entry.n}`, entry]));
  const context = { list: new Proxy(list, handler), map: new Proxy(map, handler) };
  return { context, looks: () => looks };
}

describe("a template looks at no more of a list than it shows", () => {
  it.each([
    ["{{ list | length }}", "1000", 0],
    ["{{ list | count }}", "1000", 0],
    ["{% if list %}some{% endif %}", "some", 0],
    ["{{ list is iterable }}", "True", 0],
    ["{{ (list | first).n }}", "0", 1],
    ["{{ (list | last).n }}", "999", 1],
    ["{{ list[7].n }}", "7", 2],
    ["{{ list[-1].n }} {{ list[0].n }}", "999 0", 3],
    ["{{ list[2000] is defined }}", "False", 0],
    ["{{ list[-3:] | length }}", "3", 3],
    ["{{ list[:4:2] | map(attribute='n') | join(',') }}", "0,2", 2],
    ["{{ map.k7.n }}", "7", 2],
    ["{{ map.none is defined }}", "False", 1],
    ["{{ map.none | default('-') }}", "-", 1],
  ])("%s", (source, text, most) => {
    const { context, looks } = watched();
    expect(renderTemplate(source, context)).toBe(text);
    expect(looks()).toBeLessThanOrEqual(most);
  });

  it("and a condition neither", () => {
    const { context, looks } = watched();
    expect(evaluateCondition("list | length == 1000 and not list[2000] and (list | last).n == 999", context)).toBe(
      true,
    );
    expect(evaluateCondition("map.none == 1", context)).toBe(false);
    expect(looks()).toBeLessThanOrEqual(3);
  });

  it("copies none to walk over it", () => {
    const { context, looks } = watched();
    renderTemplate("{% for entry in list %}{{ entry.n }}{% endfor %}", context);
    expect(looks()).toBeLessThanOrEqual(2 * size);
  });
});

describe("what a template changes is its own", () => {
  it.each([
    "{{ list.append(9) }}",
    "{{ (list.append)(9) }}",
    "{{ list . append (9) }}",
    "{% set add = list.append %}{{ add(9) }}",
    "{% set add = list.append | default(1) %}{{ add(9) }}",
    "{% for n in list %}{% if loop.index < 3 %}{{ list.append(n) }}{% endif %}{% endfor %}",
    "{{ [list.append][0](9) }}",
  ])("%s", (source) => {
    const context = { list: [1, 2] };
    renderTemplate(source, context);
    expect(context.list).toEqual([1, 2]);
  });

  it("costs no copy where a method's name is only a key", () => {
    const { context, looks } = watched();
    expect(renderTemplate("{{ map.k1.n }} {{ update.sort.n }}", { ...context, update: { sort: { n: 1 } } })).toBe(
      "1 1",
    );
    expect(looks()).toBeLessThanOrEqual(2);
  });
});
