/**
 * Checks route files without running them, for {@code drover.jar validate} and for a running process before it
 * lets Camel build a file.
 * Each check is one class that reads the file's nodes, which know their lines.
 */
@org.jspecify.annotations.NullMarked
package io.drover.route.check;
