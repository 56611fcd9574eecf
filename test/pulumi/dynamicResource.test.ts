// Checks what happens in a program before any hook runs.
import * as pulumi from "@pulumi/pulumi";

import { RestorePortalApp } from "../../provider";

beforeAll(() =>
    pulumi.runtime.setMocks(
        { newResource: ({ inputs }) => ({ id: "id", state: inputs as object }), call: () => ({}) },
        "project",
        "stack",
        false,
        "organization",
    ),
);

/** Declares a portal in a function of the user's program. */
function portalWithoutName(): RestorePortalApp {
    return new RestorePortalApp("", { portalUrl: "https://portal.abc.com:4443" });
}

function thrownBy(run: () => unknown): Error {
    try {
        run();
    } catch (error) {
        return error as Error;
    }
    throw new Error("nothing was thrown");
}

test("an error of the SDK has the stack trace of the program", () => {
    const { message, stack } = thrownBy(portalWithoutName);
    expect(message).toContain("Missing resource name");
    expect(stack?.split("\n")[1]).toContain("portalWithoutName");
});

test("the program's own errors keep their stack traces, after a resource and after a refused one", () => {
    const { stackTraceLimit } = Error;
    expect(stackTraceLimit).toBeGreaterThan(0);
    new RestorePortalApp("portal", { portalUrl: "https://portal.abc.com:4443" });
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    thrownBy(portalWithoutName);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("a portal records one stack trace, not several for each property", () => {
    const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    let traces = 0;
    Error.prepareStackTrace = (error, frames) => {
        if (frames.length > 0) traces++;
        return String(error);
    };
    try {
        new RestorePortalApp("traced", { portalUrl: "https://portal.abc.com:4443" });
    } finally {
        if (before) Object.defineProperty(Error, "prepareStackTrace", before);
        else Reflect.deleteProperty(Error, "prepareStackTrace");
    }
    expect(traces).toBe(1);
});
