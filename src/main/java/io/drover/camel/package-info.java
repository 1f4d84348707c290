/**
 * The surface: the components {@code task:} and {@code tool:}, and the route files, which are checked, loaded and swapped
 * here.
 */
@org.jspecify.annotations.NullMarked
package io.drover.camel;
