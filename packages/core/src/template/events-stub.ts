// Stands in for Node's `events` when nunjucks is bundled (see tsdown.config.ts). Its lexer and parser never emit anything;
// their base class only needs a class to extend, and asks for it with `require`, hence the export's name.
class EventEmitter {}

export { EventEmitter as "module.exports" };
