// The hooks of PortalServer, in the order check, diff, create, read, update, delete. VB365 has no API that writes these
// settings, so the hooks only read: a preview names the drift, and the administrator of the server changes it.
import { randomUUID } from "node:crypto";

import { warn } from "../log";
import type { Hooks } from "../pulumi/hooks";
import { RefreshReminder } from "../pulumi/refreshReminder";
import { completeServerInputs, examineServerInputs, type PortalServerInputs } from "./inputs";
import { verifyServer, type PortalServerState } from "./observe";

const reminder = new RefreshReminder(
    "The portal server was not read, so changes of its settings are not shown; run with --refresh to see them",
);

export const portalServerHooks: Hooks<PortalServerInputs, PortalServerState> = {
    check: (olds, news) => {
        const inputs = completeServerInputs(news, olds);
        return Promise.resolve({ inputs, failures: examineServerInputs(inputs, olds) });
    },

    // Nothing is ever replaced, because this resource makes nothing.
    diff: () => {
        reminder.remindIfUnread();
        return Promise.resolve({});
    },

    // The server is set up with the outputs of this deployment. Drift is therefore expected here, and only warned of.
    create: async (inputs) => {
        const { state, problem } = await verifyServer(inputs);
        if (problem) warn(problem.message);
        return { id: randomUUID(), outs: state };
    },

    read: async (id, { desired }) => {
        reminder.noteRead();
        const { state, inputs } = await verifyServer(desired);
        return { id, props: state, inputs };
    },

    // Remaining drift is an error. Otherwise the engine would report "updated" although nobody has updated the server.
    update: async (_id, _olds, inputs) => {
        const { state, problem } = await verifyServer(inputs);
        if (problem?.code === "ERR_SERVER_DIFFERS") throw problem;
        if (problem) warn(problem.message);
        return { outs: state };
    },

    // This resource has made nothing, so there is nothing to delete.
    delete: () => Promise.resolve(),
};
