// Checks which changes of inputs a diff of the native plugin names.
import { changedPaths } from "../../plugin/detailedDiff";
import { decode } from "../../plugin/values";

const changed = (olds: object, news: object, ignored: string[]) => [
    ...changedPaths(decode(olds as never), decode(news as never), ignored).keys(),
];

test("an ignored input is ignored with each of its parts, and no other input is", () => {
    const olds = { owners: ["a"], certificate: { name: "a" }, certificateOverlapDays: 1 };
    const news = { owners: ["b", "c"], certificate: { name: "b" }, certificateOverlapDays: 2 };
    expect(changed(olds, news, ["owners", "certificate"])).toEqual(["certificateOverlapDays"]);
    expect(changed(olds, news, ["owners[0]"])).toEqual(["owners[1]", "certificate.name", "certificateOverlapDays"]);
});
