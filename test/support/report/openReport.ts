// Opens a report in a browser as a user opens an attachment: from a file, and without a network.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import type { Locator, Page } from "playwright-core";

import type { Report } from "../../../cli/report/model";
import { renderHtml } from "../../../cli/report/html/renderHtml";
import type { TestBrowser } from "../browser/chromium";

/** This folder is kept after the run, so that people can view the screenshots. */
const SCREENSHOTS = resolve(__dirname, "../../../screenshots/report");

export interface OpenOptions {
    readonly colorScheme?: "light" | "dark";
    readonly fragment?: string;
    readonly javaScriptEnabled?: boolean;
    readonly viewport?: { readonly width: number; readonly height: number };
}

export class OpenReport {
    private constructor(
        readonly page: Page,
        readonly file: string,
        /** The requests for anything but the file, and the console messages, errors and dialogs of the page. */
        readonly trouble: readonly string[],
    ) {}

    static async open(browser: TestBrowser, report: Report, options: OpenOptions = {}): Promise<OpenReport> {
        const { fragment = "", viewport = { width: 1280, height: 900 }, ...context } = options;
        const folder = mkdtempSync(join(tmpdir(), "report-"));
        const file = join(folder, "report.html");
        writeFileSync(file, renderHtml(report));
        const window = await browser.browser.newContext({ viewport, offline: true, ...context });
        const page = await window.newPage();
        const trouble: string[] = [];
        page.on("request", (request) => {
            if (!request.url().startsWith(pathToFileURL(file).href)) trouble.push(`requested ${request.url()}`);
        });
        page.on("console", (message) => trouble.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
        page.on("dialog", (dialog) => {
            trouble.push(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
        await page.goto(`${pathToFileURL(file).href}${fragment}`);
        if (context.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]");
        return new OpenReport(page, file, trouble);
    }

    async close(): Promise<void> {
        await this.page.context().close();
        rmSync(join(this.file, ".."), { recursive: true, force: true });
    }

    get search(): Locator {
        return this.page.getByRole("searchbox", { name: "Search" });
    }

    get found(): Locator {
        return this.page.getByRole("status");
    }

    /** Returns the button that opens the row. */
    row(name: string): Locator {
        return this.page.locator(".rows").getByRole("button", { name, exact: true });
    }

    async names(): Promise<string[]> {
        return this.page.locator(".rows .title").allInnerTexts();
    }

    get fragment(): string {
        return new URL(this.page.url()).hash;
    }

    get pictures(): string {
        mkdirSync(SCREENSHOTS, { recursive: true });
        return SCREENSHOTS;
    }

    /** Saves a screenshot, and returns its path. */
    async picture(name: string, fullPage = false): Promise<string> {
        const path = join(this.pictures, `${name}.png`);
        await this.page.screenshot({ path, fullPage });
        return path;
    }
}
