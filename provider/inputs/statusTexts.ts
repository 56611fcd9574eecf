// Defines the texts that stand for desired and live values of inputs. State files contain them, so they never change.
// Pure.

/** `check` fills in the next three texts. Each one means that a part is as a working portal needs it. */
export const PRESENT = "present";
export const ENABLED = "enabled";
export const APPLICATION_ID_URI = "api://<applicationId>";
/** Only users that are assigned to the enterprise application may sign in. */
export const ASSIGNMENT_REQUIRED = "assignment required";
/** Live value of a certificate or web address that is not on the application. */
export const NOT_REGISTERED = "not registered";
/**
 * All users may sign in. `check` writes this text if a program sets `servicePrincipal` to `enabled` for an adopted
 * application or for a consent.
 */
export const ALL_USERS = "enabled for all users";
