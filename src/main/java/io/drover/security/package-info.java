/**
 * Who may do what: users from configuration, API keys, tokens of an issuer, signatures; closed by default.
 * A process to which no one could log in does not start.
 * Everything but the two health probes needs a user.
 */
@org.jspecify.annotations.NullMarked
package io.drover.security;
