// A headless Chromium: one that is installed, else that of the npm package @sparticuz/chromium (Linux).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { chromium, type Browser } from "playwright-core";

import { run } from "../../certificate/pfx/corpus/tools";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export interface ChromiumOptions {
    /** `host:port` in the browser -> port on loopback. */
    readonly hosts: Readonly<Record<string, number>>;
    /** Certificates, as PEM, whose holders it takes for authorities beside its own. */
    readonly trusted: readonly string[];
}

export interface TestBrowser {
    readonly browser: Browser;
    close(): Promise<void>;
}

export async function startChromium({ hosts, trusted }: ChromiumOptions): Promise<TestBrowser> {
    const home = mkdtempSync(join(tmpdir(), "chromium-home-"));
    const rules = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
    const browser = await chromium.launch({
        executablePath: executable(),
        args: [
            "--no-sandbox",
            `--host-resolver-rules=${rules.join(", ")}`,
            ...(trust(home, trusted) ? [] : ["--ignore-certificate-errors"]),
        ],
        env: { ...process.env, HOME: home },
    });
    return {
        browser,
        close: async () => {
            await browser.close();
            rmSync(home, { recursive: true, force: true });
        },
    };
}

function executable(): string {
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    const installed = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
    if (installed !== undefined) return installed;
    // The package is an ES module, which a test in CommonJS cannot load.
    const script = `import packaged from "@sparticuz/chromium";
        packaged.setGraphicsMode = false;
        console.log(await packaged.executablePath());`;
    const args = ["--input-type=module", "--eval", script];
    return execFileSync(process.execPath, args, { cwd: __dirname, encoding: "utf8" }).trim();
}

/**
 * Chromium on Linux reads the NSS database of its HOME, and then validates as it does in life. Without NSS's certutil the
 * browser is told to take any certificate: the test then shows sign-in, and nothing of TLS.
 */
function trust(home: string, pems: readonly string[]): boolean {
    const database = join(home, ".pki/nssdb");
    mkdirSync(database, { recursive: true });
    try {
        run("certutil", ["-N", "-d", `sql:${database}`, "--empty-password"]);
        for (const [index, pem] of pems.entries()) {
            const file = join(home, `ca${index}.pem`);
            writeFileSync(file, pem);
            run("certutil", ["-A", "-d", `sql:${database}`, "-t", "C,,", "-n", `ca${index}`, "-i", file]);
        }
        return true;
    } catch (error) {
        console.warn(`certutil is not to be had (${String(error)}): the browser validates no certificate`);
        return false;
    }
}
