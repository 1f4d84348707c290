/**
 * JSON from outside: one door with limits, one form of a value, and schemas that are checked within bounds. Knows nothing of Drover.
 */
@org.jspecify.annotations.NullMarked
package io.drover.json;
