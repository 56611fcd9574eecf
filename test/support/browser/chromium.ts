// Starts a headless Chromium: an installed one, or else the one in the npm package @sparticuz/chromium (Linux).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { chromium, type Browser } from "playwright-core";

import { run } from "../../certificate/pfx/corpus/tools";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export interface ChromiumOptions {
    /** Maps `host:port` in the browser to a port on loopback. */
    readonly hosts?: Readonly<Record<string, number>>;
    /** PEM certificates that the browser trusts in addition to its own authorities. */
    readonly trusted?: readonly string[];
}

export interface TestBrowser {
    readonly browser: Browser;
    close(): Promise<void>;
}

export async function startChromium({ hosts = {}, trusted = [] }: ChromiumOptions = {}): Promise<TestBrowser> {
    const home = mkdtempSync(join(tmpdir(), "chromium-home-"));
    const rules = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
    const browser = await chromium.launch({
        executablePath: executable(),
        args: [
            "--no-sandbox",
            `--host-resolver-rules=${rules.join(", ")}`,
            ...(trusted.length === 0 || trust(home, trusted) ? [] : ["--ignore-certificate-errors"]),
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
    // A separate process imports the package, because it is an ES module and a CommonJS test cannot require it.
    const script = `import packaged from "@sparticuz/chromium";
        packaged.setGraphicsMode = false;
        console.log(await packaged.executablePath());`;
    const args = ["--input-type=module", "--eval", script];
    return execFileSync(process.execPath, args, { cwd: __dirname, encoding: "utf8" }).trim();
}

/**
 * Makes the browser trust the certificates. Chromium on Linux reads the NSS database in its HOME and validates as
 * usual. Returns `false` if NSS's certutil fails, for example because it is missing. Then the browser accepts every
 * certificate, and the test checks sign-in, but not TLS.
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
        console.warn(
            `certutil failed (${String(error)}), so the browser accepts every certificate; to check TLS too, install NSS's tools`,
        );
        return false;
    }
}
