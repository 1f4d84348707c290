/** Feature flags: the definitions in force, and what OpenFeature says of a flag for a task. They are asked once for each task. */
@org.jspecify.annotations.NullMarked
package io.drover.flag;
