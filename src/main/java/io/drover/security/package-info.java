/**
 * Who may do what: users from configuration, API keys, tokens of an issuer, signatures; closed by default.
 * A process that nobody could log in to does not start.
 * Everything but the two health probes needs a user.
 */
@org.jspecify.annotations.NullMarked
package io.drover.security;
