// Answers a request about one resource: calls the provider's hook, and keeps secret values secret in its inputs and
// outputs. The server loads this file and the hooks only at the first request about a resource.
import * as hosted from "../provider/host";
export { cancelPauses } from "../provider/entra/clock";
import { GIVEN, valueAt } from "../provider/inputs/givenInputs";
import type { InputFailure } from "../provider/inputs/rawInputs";
import type { hostedProvider } from "../provider/pulumi/hooks";
import { noteSecret } from "../provider/secretTexts";
import type { ResourceShape } from "../provider/shapes";
import {
    identityFrom,
    importedInputs,
    isImport,
    previewOutputs,
    secretInputs,
    secretOutputPaths,
    shapeOf,
    withSettings,
    type Settings,
} from "./resources";
import { encode, type Decoded, type Properties } from "./values";

type Hosted = ReturnType<typeof hostedProvider>;

const NOTHING: Decoded = { values: {}, secret: [] };

export class Resource {
    private readonly shape: ResourceShape;
    private readonly hooks: Hosted;

    constructor(
        type: string,
        private readonly urn: string,
        private readonly settings: Settings,
    ) {
        const shape = shapeOf(type);
        if (shape === undefined)
            throw new Error(
                `${type} is not a resource of restore-portal; correct the type, or install a newer version of the plugin`,
            );
        this.shape = shape;
        this.hooks = hosted[shape.handler];
    }

    async check(olds: Decoded, news: Decoded): Promise<{ inputs: Properties; failures: readonly InputFailure[] }> {
        const { shape } = this;
        const filled = withSettings(news, shape, this.settings);
        // If `marked` contained `source.pfx.password`, messages would hide all values in `source`, such as the name of
        // the PFX file. So `marked` leaves out inputs that are always secret. The hooks never show these inputs.
        const marked = news.secret.filter((path) => !shape.secret.includes(path));
        const given = {
            ...filled.values,
            ...(shape.isIdentified && { identity: identityFrom(this.urn) }),
            [GIVEN]: { secret: marked, ignored: [], extra: [], leftOut: [] },
        };
        const { inputs, failures } = await this.hooks.check(olds.values, given);
        return { inputs: encode(inputs, secretInputs(filled, shape)), failures };
    }

    diff(id: string, state: Decoded, news: Decoded) {
        noteSecrets(state, news);
        return this.hooks.diff(id, state.values, news.values);
    }

    /** `olds`: the inputs in state. `state`: the outputs in state. */
    async preview(news: Decoded, olds: Decoded = NOTHING, state: Decoded = NOTHING): Promise<Properties> {
        noteSecrets(news, olds, state);
        await this.hooks.preview?.(olds.values, news.values, { place: identityFrom(this.urn) });
        return encode(previewOutputs(news.values, state.values, this.shape), this.secretOutputs(news));
    }

    async create(news: Decoded): Promise<{ id: string; properties: Properties }> {
        noteSecrets(news);
        const { id, outs } = await this.hooks.create(news.values);
        return { id, properties: encode(outs, this.secretOutputs(news)) };
    }

    async read(id: string, state: Decoded, inputs: Decoded) {
        noteSecrets(state, inputs);
        const { shape } = this;
        if (isImport(state.values, inputs.values, shape)) return this.readExisting(id, inputs);
        const answer = await this.hooks.read(id, state.values);
        return {
            id: answer.id,
            properties: answer.props && encode(answer.props, [...state.secret, ...shape.secret]),
            // If no live inputs are returned, the engine keeps the inputs that it has.
            inputs: answer.inputs && encode(answer.inputs, secretInputs(inputs, shape)),
        };
    }

    async update(id: string, state: Decoded, news: Decoded): Promise<Properties> {
        noteSecrets(state, news);
        const { outs } = await this.hooks.update(id, state.values, news.values);
        return encode(outs, this.secretOutputs(news));
    }

    async delete(id: string, state: Decoded): Promise<void> {
        noteSecrets(state);
        await this.hooks.delete(id, state.values);
    }

    private secretOutputs(news: Decoded): string[] {
        return secretOutputPaths(secretInputs(news, this.shape), this.shape);
    }

    /** Lists the objects in Entra that a program can import. */
    list() {
        if (!this.hooks.list) throw this.notImportable();
        return this.hooks.list(this.settings.values);
    }

    private async readExisting(id: string, given: Decoded) {
        if (!this.hooks.readExisting) throw this.notImportable();
        const identity = identityFrom(this.urn);
        const found = await this.hooks.readExisting({ id, identity, settings: this.settings.values });
        const secret = secretInputs(withSettings(given, this.shape, this.settings), this.shape);
        return {
            id: found.id,
            properties: encode(found.props, secretOutputPaths(secret, this.shape)),
            inputs: encode(importedInputs(found.inputs), secret),
        };
    }

    private notImportable(): Error {
        const { type, existing } = this.shape;
        const [, name = ""] = type.split(":");
        const refused = this.hooks.readExisting ? "listed" : "listed or imported";
        return new Error(`a ${name} cannot be ${refused}; ${existing}`);
    }
}

/** Notes the secrets, so that the messages of this process hide them. */
function noteSecrets(...properties: readonly Decoded[]): void {
    for (const { values, secret } of properties) for (const path of secret) noteSecret(valueAt(values, path));
}
