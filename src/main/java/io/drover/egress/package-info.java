/**
 * Egress: to which hosts and addresses this process may connect. The lists come from configuration; HTTP clients ask before
 * they connect, and use the addresses that were checked. Below them stands a resolver for all names that the JVM looks up.
 */
@org.jspecify.annotations.NullMarked
package io.drover.egress;
