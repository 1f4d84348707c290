/**
 * Secrets by name: where their values are, what stands for them until they leave the process, and how texts hide them.
 *
 * <p>Routes and settings hold <code>{{secret:name}}</code>. Inside the process a {@link io.drover.secret.SecretReference}
 * takes its place, which is worth nothing outside. An HTTP client puts the value in as the last step before it sends.
 */
@org.jspecify.annotations.NullMarked
package io.drover.secret;
