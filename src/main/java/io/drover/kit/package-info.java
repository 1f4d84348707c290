/**
 * Runs route files against test files: the guard, the agents, the rules and the routes are those of production. What is outside of the
 * process, the journal included, is stood in for.
 */
@NullMarked
package io.drover.kit;

import org.jspecify.annotations.NullMarked;
