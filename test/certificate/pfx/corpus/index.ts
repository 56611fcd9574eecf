// Lists the corpus: PFX files in the forms of the tools that administrators use, damaged and hostile PFX files, and
// files that are not a PFX. Each test run makes the files again.
import type { CorpusFile } from "./entry";
import { byHandFiles } from "./byHand";
import { gnutlsFiles } from "./gnutls";
import { hostileFiles } from "./hostile";
import { keytoolFiles } from "./keytool";
import type { Material } from "./material";
import { nssFiles } from "./nss";
import { opensslFiles } from "./openssl";
import { pycaFiles } from "./pyca";

export type { CorpusFile } from "./entry";

const MAKERS = [opensslFiles, keytoolFiles, nssFiles, gnutlsFiles, pycaFiles, byHandFiles, hostileFiles];

export function makeCorpus(material: Material): CorpusFile[] {
    return MAKERS.flatMap((make) => make(material));
}
