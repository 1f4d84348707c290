/**
 * Route files: read, checked, loaded and swapped while the process runs.
 */
@org.jspecify.annotations.NullMarked
package io.drover.route;
