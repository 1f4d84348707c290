/**
 * Checks route files without running them: {@code drover.jar validate}, and what a running process wants to know of a file
 * before it lets Camel build it. One class a check, over the file's nodes, which know their lines.
 */
@org.jspecify.annotations.NullMarked
package io.drover.route.check;
