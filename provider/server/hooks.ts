// Implements the hooks of PortalServer. VB365's REST API cannot write the settings of the Restore Portal, so the hooks
// only read. A preview names the drift, and the administrator of the server corrects it.
import { randomUUID } from "node:crypto";

import { warn } from "../log";
import type { Hooks } from "../pulumi/hooks";
import { RefreshReminder } from "../pulumi/refreshReminder";
import { object, text } from "../shape";
import { assertState } from "../stateShape";
import { completeServerInputs, examineServerInputs, type PortalServerInputs } from "./inputs";
import { verifyServer, type PortalServerState } from "./observe";

const aState = object({ desired: object({ portalUrl: text, applicationId: text }) });

const reminder = new RefreshReminder(
    "The portal server was not read, so changes of its settings are not shown; run with --refresh to see them",
);

export const portalServerHooks: Hooks<PortalServerInputs, PortalServerState> = {
    check: (olds, news) => {
        const inputs = completeServerInputs(news, olds);
        return Promise.resolve({ inputs, failures: examineServerInputs(inputs, olds) });
    },

    // A change never replaces the resource, because the resource creates nothing.
    diff: () => {
        reminder.remindIfUnread();
        return Promise.resolve({});
    },

    // The administrator sets up the server with the outputs of this deployment. So drift is expected here and causes
    // only a warning.
    create: async (inputs) => {
        const { state, problem } = await verifyServer(inputs);
        if (problem) warn(problem.message);
        return { id: randomUUID(), outs: state };
    },

    read: async (id, old) => {
        assertState("the portal server", old, aState);
        reminder.noteRead();
        const { state, inputs } = await verifyServer(old.desired);
        return { id, props: state, inputs };
    },

    // Remaining drift is an error. Otherwise the engine would report "updated" although nobody has updated the server.
    update: async (_id, _olds, inputs) => {
        const { state, problem } = await verifyServer(inputs);
        if (problem?.code === "ERR_SERVER_DIFFERS") throw problem;
        if (problem) warn(problem.message);
        return { outs: state };
    },

    // The resource has created nothing, so there is nothing to delete.
    delete: () => Promise.resolve(),
};
