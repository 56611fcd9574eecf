// Lists the methods of Pulumi's provider protocol that the plugin serves, each with its request and its response. gRPC
// answers every other method with "not implemented".
import type { MethodDefinition } from "@grpc/grpc-js";

import type { Message } from "./message";
import * as messages from "./messages";

function method<Request extends object, Response extends object>(
    name: string,
    request: Message<Request>,
    response: Message<Response>,
    { responseStream = false } = {},
): MethodDefinition<Request, Partial<Response>> {
    return {
        path: `/pulumirpc.ResourceProvider/${name}`,
        requestStream: false,
        responseStream,
        requestSerialize: (values) => request.encode(values),
        requestDeserialize: (bytes) => request.decode(bytes),
        responseSerialize: (values) => response.encode(values),
        responseDeserialize: (bytes) => response.decode(bytes),
    };
}

const { EMPTY } = messages;

export const SERVICE = {
    checkConfig: method("CheckConfig", messages.CHECK_REQUEST, messages.CHECK_RESPONSE),
    diffConfig: method("DiffConfig", messages.DIFF_REQUEST, messages.DIFF_RESPONSE),
    configure: method("Configure", messages.CONFIGURE_REQUEST, messages.CONFIGURE_RESPONSE),
    check: method("Check", messages.CHECK_REQUEST, messages.CHECK_RESPONSE),
    diff: method("Diff", messages.DIFF_REQUEST, messages.DIFF_RESPONSE),
    create: method("Create", messages.CREATE_REQUEST, messages.CREATE_RESPONSE),
    read: method("Read", messages.READ_REQUEST, messages.READ_RESPONSE),
    update: method("Update", messages.UPDATE_REQUEST, messages.UPDATE_RESPONSE),
    delete: method("Delete", messages.DELETE_REQUEST, EMPTY),
    list: method("List", messages.LIST_REQUEST, messages.LIST_RESPONSE, { responseStream: true }),
    invoke: method("Invoke", EMPTY, EMPTY),
    call: method("Call", EMPTY, EMPTY),
    construct: method("Construct", EMPTY, EMPTY),
    getSchema: method("GetSchema", EMPTY, messages.GET_SCHEMA_RESPONSE),
    getPluginInfo: method("GetPluginInfo", EMPTY, messages.PLUGIN_INFO),
    cancel: method("Cancel", EMPTY, EMPTY),
    attach: method("Attach", messages.PLUGIN_ATTACH, EMPTY),
};
