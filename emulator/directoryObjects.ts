// Graph's route for an object of any type. https://learn.microsoft.com/graph/api/directoryobject-get
import { entity, type Answer, type GraphCall } from "./context";
import { notFound } from "./graphError";
import { assertKnownOptions } from "./odata";
import { assertMayReadApplications } from "./permissions";

export function getDirectoryObject(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select"]);
    const id = call.params["object"] ?? "";
    const type = typeOf(call, id);
    if (type === undefined) throw notFound(id);
    return { status: 200, body: entity(call, "directoryObjects", { "@odata.type": `#microsoft.graph.${type}`, id }) };
}

function typeOf({ tenant, replica }: GraphCall, id: string): string | undefined {
    if (tenant.applications.find((one) => one.id === id, replica.behind("application"))) return "application";
    if (tenant.servicePrincipals.find((one) => one.id === id, replica.behind("servicePrincipal")))
        return "servicePrincipal";
    return tenant.users.has(id) ? "user" : undefined;
}
