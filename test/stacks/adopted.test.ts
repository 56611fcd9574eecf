import { describeLifecycle } from "../support/lifecycle";

jest.setTimeout(600_000);

describe("a portal whose application is adopted", () => {
    describeLifecycle("adopted");
});
