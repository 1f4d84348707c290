/** A cache for the results of tools that only read: in the process, or in Redis for the whole fleet. */
@org.jspecify.annotations.NullMarked
package io.drover.cache;
