// `npm run bench [engine|patterns|durable|resume|storage|import|providers]`: each figure beside its floor, measured in the same run.
const suites = ["engine", "patterns", "durable", "resume", "storage", "import", "providers"];
const wanted = process.argv.slice(2).filter((name) => suites.includes(name));

for (const name of wanted.length > 0 ? wanted : suites) {
  const { run } = await import(`./${name}.mjs`);
  const { title, rows } = await run();
  process.stdout.write(`\n${title}\n\n| what | ours | floor | ratio | aim |\n| --- | --- | --- | --- | --- |\n`);
  for (const { name: what, ours, floor, ratio, aim } of rows) {
    process.stdout.write(`| ${what} | ${ours} | ${floor} | ${ratio} | ${aim} |\n`);
  }
}
