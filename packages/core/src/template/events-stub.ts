/**
 * Stands in for Node's `events` when nunjucks is bundled: its base class file asks for it, and nothing we use extends it.
 * A bundler reads the class as the whole module, as `require("events")` gives it.
 */
export class EventEmitter {}

export { EventEmitter as "module.exports" };
