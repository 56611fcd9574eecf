import { describeLanguage } from "../../support/engine/languageLife";

jest.setTimeout(300_000);

describe("a YAML program", () => {
    describeLanguage("yaml");
});
