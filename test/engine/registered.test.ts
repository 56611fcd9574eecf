import { describeLifecycle } from "../support/engine/lifecycle";

jest.setTimeout(600_000);

describe("a portal whose application is registered", () => {
    describeLifecycle("registered");
});
