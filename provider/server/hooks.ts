// The hooks of PortalServer, in the order check, diff, create, read, update, delete. VB365 has no API that writes its
// settings, so nothing here does: a preview names what differs, and its administrator changes it.
import { randomUUID } from "node:crypto";

import { tellOnce, warn } from "../log";
import type { Hooks } from "../pulumi/hooks";
import { completeServerInputs, examineServerInputs, type PortalServerInputs } from "./inputs";
import { lookAtServer, type PortalServerState } from "./observe";

/** Whether the server was asked in this process: without a refresh a preview cannot see what it answers. */
let hasRead = false;

export const portalServerHooks: Hooks<PortalServerInputs, PortalServerState> = {
    check: (olds, news) => {
        const inputs = completeServerInputs(news);
        return Promise.resolve({ inputs, failures: examineServerInputs(inputs, olds) });
    },

    // What differs is named by the engine itself, with both values. Nothing is ever replaced: there is nothing to make.
    diff: () => {
        if (!hasRead) tellOnce("The portal server was not asked; run with --refresh to see what differs there");
        return Promise.resolve({});
    },

    // A server is set up with what this deployment puts out, so a first difference is no failure: the next preview names it.
    create: async (inputs) => {
        const { state, problem } = await lookAtServer(inputs);
        if (problem) warn(problem.message);
        return { id: randomUUID(), outs: state };
    },

    read: async (id, { desired }) => {
        hasRead = true;
        const { state, inputs } = await lookAtServer(desired);
        return { id, props: state, inputs };
    },

    // Here the engine would say "updated", but nobody has updated the server: so what still differs is an error.
    update: async (_id, _olds, inputs) => {
        const { state, problem } = await lookAtServer(inputs);
        if (problem?.code === "ERR_SERVER_DIFFERS") throw problem;
        if (problem) warn(problem.message);
        return { outs: state };
    },

    // Nothing to do: the server is as it was, and is not asked any more.
    delete: () => Promise.resolve(),
};
