/**
 * The databases that routes use: each has a pool of its own, apart from the pool of Drover's own tables.
 *
 * <p>So a slow statement of a tool takes no connection from claims, heartbeats or the API.
 */
@org.jspecify.annotations.NullMarked
package io.drover.datasource;
