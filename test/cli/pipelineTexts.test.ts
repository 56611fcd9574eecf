// Checks the texts of the user that become part of the pipeline files: names in YAML, and the URL of the repository.
import { parse } from "yaml";

import { scalar } from "../../cli/pipelines/yaml";
import { WrittenFiles } from "../support/pipelines/writtenFiles";

let files: WrittenFiles;
beforeEach(() => (files = new WrittenFiles()));
afterEach(() => files.remove());

test.each(["2026", "1e3", "0x1f", "true", "Null", "on", ".5", "..", "portal", ".", "a/b_c-1.0"])(
    "the name %s is a text in YAML",
    (name) => expect(parse(`value: ${scalar(name)}`)).toEqual({ value: name }),
);

describe("the URL of the repository", () => {
    const urlIn = (repository?: string) => {
        files.write({ system: "kubernetes", repository, force: true });
        return /^ +url: (.*)$/m.exec(files.text("kubernetes/flux.yaml"))?.[1];
    };

    test("is written without the credentials of git's remote", () => {
        files.remote("https://oauth2:planted@dev.azure.com/contoso/My%20Project/_git/portals");
        expect(urlIn()).toBe("https://dev.azure.com/contoso/My%20Project/_git/portals");
    });

    test("keeps the account of ssh, and is refused with a password, which no message shows", () => {
        for (const url of ["https://planted@abc.com/x", "ssh://git:planted@abc.com/x", "http://a:planted@abc.com/x"]) {
            expect(() => urlIn(url)).toThrow(/^(?!.*planted)/);
        }
        expect(urlIn("ssh://git@abc.com/x")).toBe("ssh://git@abc.com/x");
    });
});
