// Checks what the program stacks/serviceProvider says about a wrong file of customers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { resourceGraph } from "../support/stacks/resourceGraph";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "customers-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
    ["not JSON", "customers:\n  - name: contoso", /customers\.json is not JSON \(.*\); correct the file$/],
    [
        "not a list",
        "{}",
        /customers\.json must be a list of customers, such as \[\{ "name": "contoso", "tenantId": "contoso\.com" \}\]$/,
    ],
])("a file that is %s is named", async (_name, text, message) => {
    const customersFile = join(folder, "customers.json");
    writeFileSync(customersFile, text);
    const config = { portals: {}, customersFile };
    await expect(resourceGraph("serviceProvider", "service-provider", config)).rejects.toThrow(message);
});
