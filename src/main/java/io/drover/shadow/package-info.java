/** Shadows: tasks of a candidate version that mirror live tasks, take no effect, and are compared with them. */
@org.jspecify.annotations.NullMarked
package io.drover.shadow;
