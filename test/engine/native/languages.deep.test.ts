import { describeLanguage } from "../../support/engine/languageLife";

jest.setTimeout(600_000);

describe("a TypeScript program", () => {
    describeLanguage("typescript");
});

describe("a Python program", () => {
    describeLanguage("python");
});
