// @ts-check
// Takes a screenshot of a drift report for the documents. `report --format html` and the deep tests of the page write
// such a report. Usage: node tools/docs/reportPicture.mjs screenshots/report/report.html > docs/images/report.png
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import packaged from "@sparticuz/chromium";
import { chromium } from "playwright-core";

const [file = "", colorScheme = "light"] = process.argv.slice(2);
if (file === "" || (colorScheme !== "light" && colorScheme !== "dark"))
    throw new Error("give the HTML file of a report, and the colour scheme: light (default) or dark");

packaged.setGraphicsMode = false;
const browser = await chromium.launch({ executablePath: await packaged.executablePath(), args: ["--no-sandbox"] });
try {
    const page = await browser.newPage({
        viewport: { width: 1200, height: 800 },
        colorScheme,
        offline: true,
        reducedMotion: "reduce",
    });
    await page.goto(pathToFileURL(resolve(file)).href);
    // Opens one row, so that the picture shows its details.
    await page.locator(".rows tbody .name button").first().click();
    await page.evaluate("document.activeElement.blur()");
    process.stdout.write(await page.screenshot());
} finally {
    await browser.close();
}
