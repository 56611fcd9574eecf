import { describeDrifts } from "../support/engine/eachDrift";

jest.setTimeout(600_000);

describe("a portal whose application is registered", () => {
    describeDrifts("registered");
});
