// A server on this machine that speaks the protocols of all model vendors, with answers from a file.
import { LLMock, loadFixtureFile } from "@copilotkit/aimock";

/** No real key; a run may leave it nowhere. */
export const exampleKey = "example-key-2f7c91";

/**
 * Starts a server. A request that the file has no answer for is refused.
 * @param {string} answers path of a fixture file of aimock
 */
export async function startModelServer(answers) {
  const fixtures = loadFixtureFile(answers);
  const server = new LLMock({ port: 0, logLevel: "silent", strict: true });
  server.addFixtures(fixtures);
  const url = await server.start();
  return {
    env: environmentFor(url),
    /** What is wrong with the requests that came; undefined when every answer was asked for and every request had one. */
    problem() {
      const asked = server.getRequests().map(({ response }) => response);
      const refused = asked.filter(({ fixture }) => fixture === null).length;
      if (refused > 0) return `${refused} of ${asked.length} requests have no answer in ${answers}`;
      const idle = fixtures.filter((fixture) => !asked.some((response) => response.fixture === fixture));
      return idle.length === 0 ? undefined : `never asked for: ${JSON.stringify(idle.map(({ match }) => match))}`;
    },
    stop: () => server.stop(),
  };
}

/** Variables that send every provider to one server, whatever else the environment says. */
function environmentFor(url) {
  return {
    OPENAI_API_KEY: exampleKey,
    OPENAI_BASE_URL: `${url}/v1`,
    AZURE_OPENAI_API_KEY: exampleKey,
    AZURE_OPENAI_ENDPOINT: url,
    ANTHROPIC_API_KEY: exampleKey,
    ANTHROPIC_BASE_URL: url,
    GOOGLE_API_KEY: exampleKey,
    GEMINI_API_KEY: undefined,
    GOOGLE_GEMINI_BASE_URL: url,
    OLLAMA_HOST: url,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: exampleKey,
    AWS_BEARER_TOKEN_BEDROCK: undefined,
    AWS_PROFILE: undefined,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}
