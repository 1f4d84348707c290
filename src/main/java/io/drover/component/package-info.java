/**
 * What an author writes in a route: the components {@code task:}, {@code tool:} and {@code agent:}, and functions for expressions.
 */
@org.jspecify.annotations.NullMarked
package io.drover.component;
