// Checks how long a release waits for the tags of the other holders of an application.
import { clock, freezeClock } from "../../provider/entra/clock";
import { forgetHolder, noteHolder, untilHoldersVisible } from "../../provider/sync/notedHolders";

const [TENANT, APP] = ["99999999-2222-4333-8444-555555555555", "58a0f8e1-97bd-4804-ba69-bf1ed293e017"];
const KEY = `${TENANT}/${APP}`;

test("a release waits one minute for tags that no replica shows, and says of which application", async () => {
    const restore = freezeClock();
    const printed = jest.spyOn(console, "log").mockImplementation(() => undefined);
    const start = clock.now().getTime();
    const live = {};
    const observe = () => Promise.resolve(live);
    const wait = () => untilHoldersVisible(KEY, live, observe, () => []);
    expect(await wait()).toBe(live);
    expect(clock.now().getTime()).toBe(start);
    noteHolder(KEY, "0123456789abcdef");
    expect(await wait()).toBe(live);
    expect(clock.now().getTime()).toBe(start + 60_000);
    expect(printed.mock.calls).toEqual([
        [`waiting for the tags of the other resources that use application ${APP} in tenant ${TENANT} (up to 60 s)`],
    ]);
    forgetHolder(KEY, "0123456789abcdef");
    printed.mockRestore();
    restore();
});
